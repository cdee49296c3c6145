import { beforeEach, describe, expect, it } from '@jest/globals';

import type { EventId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { RefundAsk, Requested } from '../refunds/refund-ask.js';
import { CancellationRunner, type CancellationPorts } from './cancellation-runner.js';
import type { CancellationPage, EventCancellation, PageDone } from './event-cancellation.js';

const requested: EventCancellation = {
  ...{ eventId: 'evt_show' as EventId, state: 'REQUESTED', asker: 'olga', role: 'organiser' },
  ...{
    reason: 'ill',
    feePerPlaceMinor: 100,
    keepsBookingFee: true,
    tries: 0,
    leaseNo: 1,
    trace: 'a'.repeat(32),
  },
};
const refunding: EventCancellation = { ...requested, state: 'REFUNDING' };
const accepted = { kind: 'answered', answer: { kind: 'accepted' } } as CallResult;
const refused = (code: string) =>
  ({ kind: 'answered', answer: { kind: 'refused', refusal: { code } } }) as CallResult;

let done: string[];
let asks: RefundAsk[];
let kept: PageDone[];
let due: EventCancellation[];
let owner: CallResult;
let page: CancellationPage;
let answers: Record<string, Requested>;

beforeEach(() => {
  [done, asks, kept, due] = [[], [], [], []];
  owner = accepted;
  page = { room: 3, bookings: [] };
  answers = {};
});

async function work(): Promise<void> {
  const clock = new VirtualClock();
  const ports: CancellationPorts = {
    table: {
      claimDue: () => Promise.resolve(due.shift() ?? null),
      began: () => {
        done.push('began');
        return Promise.resolve(true);
      },
      page: () => Promise.resolve(page),
      keep: (_cancellation, one) => {
        kept.push(one);
        return Promise.resolve('REFUNDING');
      },
      miss: (_cancellation, error) => {
        done.push(`missed: ${error}`);
        return Promise.resolve();
      },
    },
    refunds: {
      request: (ask) => {
        asks.push(ask);
        return Promise.resolve(answers[ask.bookingId] ?? ({ kind: 'refund' } as Requested));
      },
    },
    wakeRefunds: () => void done.push('woken'),
    inventory: {
      call: ({ commandId, request }) => {
        done.push(`${request.type} ${commandId}`);
        return Promise.resolve(owner);
      },
    },
    ...{ clock, random: systemRandom, log: silentLog(), scanMs: 1_000 },
  };
  const runner = new CancellationRunner(ports);
  runner.start();
  await clock.advance(1);
  await runner.stop();
}

const bookings = (...ids: string[]) =>
  ids.map((bookingId) => ({ bookingId, isPaid: bookingId !== 'unpaid' })) as never;

describe('the cancellation of an event', () => {
  it('is told to the owner before any booking is asked for (EC1)', async () => {
    due = [requested];
    page = { room: 3, bookings: bookings('b1') };
    await work();
    expect(done).toEqual(['CancelEvent cancel.evt_show.0', 'began']);
    expect(asks).toEqual([]);
  });

  it('begins when the owner says that it is cancelled already: a try before did it', async () => {
    due = [{ ...requested, tries: 1 }];
    owner = refused('event_cancelled');
    await work();
    expect(done).toEqual(['CancelEvent cancel.evt_show.1', 'began']);
  });

  it.each<[string, CallResult, string]>([
    ['nobody answers', { kind: 'unknown', retryAfterMs: 1 }, 'missed: inventory: unknown'],
    ['the journal cannot say it', refused('not_finalized'), 'missed: not_finalized'],
  ])('is tried again when %s', async (_what, answer, missed) => {
    due = [requested];
    owner = answer;
    await work();
    expect(done.at(-1)).toBe(missed);
    expect(done).not.toContain('began');
  });

  it('asks for each booking under a key of its own, and whole (EC2)', async () => {
    due = [refunding];
    page = { room: 3, bookings: bookings('b1', 'b2') };
    await work();
    expect(asks).toMatchObject(
      ['b1', 'b2'].map((bookingId) => ({
        ...{ bookingId, requestKey: bookingId, asker: 'event cancellation', userId: null },
        terms: { wish: { what: 'whole' }, feePerPlaceMinor: 100, keepsBookingFee: true },
      })),
    );
    expect(kept).toEqual([{ asked: ['b1', 'b2'], left: [], isLast: true }]);
    expect(done).toEqual(['woken']);
  });

  it('leaves what cannot go back with the reason, and goes on', async () => {
    due = [refunding];
    page = { room: 3, bookings: bookings('b1', 'unpaid', 'b3') };
    answers = { b1: { kind: 'refused', reason: 'booking_disputed' } };
    await work();
    const left = [
      { bookingId: 'b1', reason: 'booking_disputed' },
      { bookingId: 'unpaid', reason: 'no_payment' },
    ];
    expect(kept).toEqual([{ asked: ['b3'], left, isLast: false }]);
  });

  it('is at no end where there was no room for more (EC4)', async () => {
    due = [refunding];
    page = { room: 0, bookings: [] };
    await work();
    expect(kept).toEqual([{ asked: [], left: [], isLast: false }]);
    expect(done).toEqual([]);
  });
});
