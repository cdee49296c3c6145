import { beforeEach, describe, expect, it } from '@jest/globals';

import { detailBytes, layoutBytes } from '#libs/catalogue/weights.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { FakeCatalogue } from '../testing/fake-catalogue.js';
import { EventBook } from './event-book.js';

const seatCount = 50_000;
const hall = new FakeCatalogue(seatCount, 10);

const id = (number: number): EventId => `evt_${number}` as EventId;

describe('the events that a gateway has at hand', () => {
  let clock: VirtualClock;
  let watched: Set<EventId>;
  let book: EventBook;
  let plansOf: (eventId: EventId) => number;

  beforeEach(() => {
    clock = new VirtualClock();
    watched = new Set();
    plansOf = (eventId) => Number(eventId.slice(4));
    const catalogue = {
      eventOf: (eventId: EventId) =>
        Promise.resolve(eventId === id(-1) ? null : { ...hall.detail, eventId }),
      layoutOf: (eventId: EventId) =>
        Promise.resolve({ ...hall.layout, hash: String(plansOf(eventId)) }),
    };
    book = new EventBook(catalogue, clock, (eventId) => watched.has(eventId));
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
