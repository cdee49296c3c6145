import { beforeEach, describe, expect, it } from '@jest/globals';

import { detailBytes, layoutBytes } from '#libs/catalogue/weights.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { until } from '#libs/testing/until.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { FakeCatalogue } from '../testing/fake-catalogue.js';
import { EventBook } from './event-book.js';

const seatCount = 50_000;
const hall = new FakeCatalogue(seatCount, 10);

const id = (number: number): EventId => `evt_${number}` as EventId;

describe('the events that a gateway has at hand', () => {
  let clock: VirtualClock;
  let watched: Set<EventId>;
  let renewed: EventId[];
  let book: EventBook;
  let plansOf: (eventId: EventId) => number;

  beforeEach(() => {
    clock = new VirtualClock();
    watched = new Set();
    renewed = [];
    plansOf = (eventId) => Number(eventId.slice(4));
    const catalogue = {
      eventOf: (eventId: EventId) =>
        Promise.resolve(eventId === id(-1) ? null : { ...hall.detail, eventId }),
      layoutOf: (eventId: EventId) =>
        Promise.resolve({ ...hall.layout, hash: String(plansOf(eventId)) }),
    };
    book = new EventBook(catalogue, clock, {
      isWatched: (eventId) => watched.has(eventId),
      renew: ({ detail }) => void renewed.push(detail.eventId),
    });
  });

  const load = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await book.load(id(i));
  };
  const known = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => i).filter((i) => book.peek(id(i)) !== undefined);

  it('are bounded by the weight of their plans', async () => {
    const fitting = Math.floor(limits.eventPlansBytesMax / layoutBytes(hall.layout));
    await load(fitting * 3);
    expect(known(fitting * 3)).toHaveLength(fitting);
    expect(book.bytes).toBeLessThan(limits.eventPlansBytesMax + limits.eventDetailsBytesMax);
  });

  it('weigh a plan once for all its events', async () => {
    plansOf = () => 1;
    await load(1_000);
    expect(known(1_000)).toHaveLength(1_000);
    const one = detailBytes(hall.detail);
    expect(book.bytes).toBe(layoutBytes(hall.layout) + 1_000 * one);
  });

  it('are bounded by the weight of what is said about them too', async () => {
    plansOf = () => 1;
    const fitting = Math.floor(limits.eventDetailsBytesMax / detailBytes(hall.detail));
    await load(fitting + 100);
    expect(known(fitting + 100)).toHaveLength(fitting);
  });

  it('stay while somebody watches them', async () => {
    const fitting = Math.floor(limits.eventPlansBytesMax / layoutBytes(hall.layout));
    watched.add(id(0));
    await load(fitting * 4);
    expect(known(1)).toEqual([0]);
  });

  it('tell those who watch them what changed, without being asked (EB3)', async () => {
    await load(4);
    watched = new Set([id(1), id(2)]);
    renewed = [];
    book.changed(id(2));
    await until(() => renewed.length === 1, 'one to be told');
    book.allChanged();
    await until(() => renewed.length === 3, 'both to be told');
    expect(renewed).toEqual([id(2), id(1), id(2)]);
  });

  it('are forgotten with their plan, and found again', async () => {
    const fitting = Math.floor(limits.eventPlansBytesMax / layoutBytes(hall.layout));
    await load(fitting + 1);
    const gone = known(fitting + 1).length;
    expect(gone).toBe(fitting);
    await load(1);
    expect(book.peek(id(0))).not.toBeUndefined();
  });

  it('are not looked for again at once when there are none', async () => {
    expect(await book.load(id(-1))).toBeNull();
    expect(book.peek(id(-1))).toBeNull();
    await clock.advance(limits.unknownEventFreshMs + 1);
    expect(book.peek(id(-1))).toBeUndefined();
  });
});

describe('a change of an event', () => {
  const eventId = id(1);
  const named = (name: string) => ({ ...hall.detail, eventId, name });

  it('reaches who has it at hand, also while it is being read', async () => {
    const answers: ((name: string) => void)[] = [];
    const catalogue = {
      eventOf: () =>
        new Promise<typeof hall.detail>((resolve) => {
          answers.push((name) => resolve(named(name)));
        }),
      layoutOf: () => Promise.resolve(hall.layout),
    };
    const book = new EventBook(catalogue, new VirtualClock());
    const first = book.load(eventId);
    book.changed(eventId);
    answers[0]('old');
    expect((await first)?.detail.name).toBe('old');
    await until(() => answers.length === 2, 'the second reading');
    answers[1]('new');
    await until(() => book.peek(eventId)?.detail.name === 'new', 'the new name');
    book.changed(eventId);
    expect(answers).toHaveLength(3);
  });

  it('of which nobody knows when is read again by who asks next', async () => {
    let reads = 0;
    const catalogue = {
      eventOf: () => {
        reads += 1;
        return Promise.resolve(named('any'));
      },
      layoutOf: () => Promise.resolve(hall.layout),
    };
    const book = new EventBook(catalogue, new VirtualClock());
    await book.load(eventId);
    book.peek(eventId);
    expect(reads).toBe(1);
    book.allChanged();
    book.peek(eventId);
    expect(reads).toBe(2);
  });
});
