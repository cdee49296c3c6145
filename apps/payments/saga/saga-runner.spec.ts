import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { EventId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import type { CallResult, InventoryClient } from '#libs/routing/inventory-call.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { PaymentProvider } from '../provider/provider.js';
import { MemoryAttemptStore, MemoryAttempts } from '../store/memory-attempt-store.js';
import type { NewAttempt } from '../store/attempt-store.js';
import type { Attempt, SagaState } from './attempt.js';
import { SagaRunner } from './saga-runner.js';
import { Settlements } from './settlements.js';

const inWorkMax = 16;
const scanMs = 100;
const [silent, serving] = ['evt_silent', 'evt_serving'] as EventId[];

/** The hold is gone: the shortest way for an attempt to settle. */
const gone: CallResult = {
  kind: 'answered',
  answer: { kind: 'refused', refusal: { code: 'hold_expired' } },
  replayed: false,
};

const bookedLate = {
  kind: 'answered',
  answer: { kind: 'accepted', outcome: { type: 'booking', seats: [4], areas: [] } },
  replayed: false,
} as unknown as CallResult;

let clock: VirtualClock;
let table: MemoryAttempts;
let store: MemoryAttemptStore;
let runner: SagaRunner;
/** Calls that the owner of the silent event leaves unanswered. */
let unanswered: ((result: CallResult) => void)[];
let sent: [type: string, commandId: string][];
/** Before the owner answers BookLate. */
let whileBooking: () => void;

beforeEach(() => {
  clock = new VirtualClock();
  table = new MemoryAttempts(
    () => clock.nowMs(),
    () => null,
  );
  store = new MemoryAttemptStore(table, 'worker', 60_000);
  unanswered = [];
  sent = [];
  whileBooking = () => undefined;
  const call: InventoryClient['call'] = ({ eventId, request, commandId }) => {
    sent.push([request.type, commandId]);
    if (request.type === 'BookLate') {
      whileBooking();
      return Promise.resolve(bookedLate);
    }
    if (request.type === 'CancelBooking') return Promise.resolve(bookedLate);
    return eventId === serving
      ? Promise.resolve(gone)
      : new Promise((resolve) => void unanswered.push(resolve));
  };
  runner = new SagaRunner({
    store,
    settlements: new Settlements(clock, 100, (ids) => store.answerableAmong(ids)),
    ports: {
      inventory: { call } as InventoryClient,
      provider: {} as PaymentProvider,
      bookedPlaces: () => Promise.resolve(null),
      lookLate: () => Promise.resolve({ newer: [] }),
      clock,
      leaseMs: 60_000,
    },
    clock,
    random: systemRandom,
    log: silentLog(),
    inWorkMax,
    scanMs,
  });
});

afterEach(async () => {
  for (const answer of unanswered.splice(0)) answer(gone);
  const stopped = runner.stop();
  await clock.advance(1_000);
  await stopped;
});

/** Left by a process that is no more. */
async function left(eventId: EventId, count: number): Promise<void> {
  const before = new MemoryAttemptStore(table, 'gone', -1);
  for (let i = 0; i < count; i += 1) {
    const id = systemRandom.token(20);
    const attempt = { attemptId: `att_${id}`, bookingId: `bkg_${id}`, holdId: `rsv_${id}` };
    await before.insert({ ...attempt, eventId, userId: 'usr_a', idempotencyKey: id } as NewAttempt);
  }
}

const liveOf = (eventId: EventId): number =>
  [...table.rows.values()].filter(
    ({ attempt }) => attempt.eventId === eventId && attempt.state !== 'REJECTED',
  ).length;

describe('attempts in work', () => {
  it('of an event whose owner is silent keep none of another from going on', async () => {
    await left(silent, 200);
    await left(serving, 30);
    runner.start();
    await clock.advance(40 * scanMs);
    expect(liveOf(serving)).toBe(0);
    expect(liveOf(silent)).toBe(200);
    expect(unanswered.length).toBeGreaterThanOrEqual(inWorkMax / 2);
    expect(runner.working).toBe(unanswered.length);
    expect(runner.full).toBe(false);
  });

  it('refuse new ones of that event alone', async () => {
    await left(silent, 200);
    runner.start();
    await clock.advance(10 * scanMs);
    expect(runner.reserve(silent)).toBeNull();
    const place = runner.reserve(serving);
    expect(place).not.toBeNull();
    if (place !== null) runner.giveBack(place);
  });

  it('give their places back when they end', async () => {
    await left(serving, 100);
    runner.start();
    await clock.advance(60 * scanMs);
    expect([liveOf(serving), runner.working]).toEqual([0, 0]);
    const places = Array.from({ length: inWorkMax }, () => runner.reserve(serving));
    expect(places.filter((place) => place !== null)).toHaveLength(inWorkMax / 2);
  });
});

describe('a late booking of a worker that lost its lease meanwhile', () => {
  const cancelled = () => sent.filter(([type]) => type === 'CancelBooking');

  /** Another worker has brought the attempt to `state` when the owner answers. */
  async function overtakenTo(state: SagaState): Promise<void> {
    await left(serving, 1);
    const [row] = table.rows.values();
    const attempt: Attempt = { ...row.attempt, state: 'AUTHORISED', intentId: 'pi_1' };
    table.rows.set(attempt.attemptId, { ...row, attempt });
    whileBooking = () => {
      const now = table.rows.get(attempt.attemptId)!;
      const leaseNo = now.attempt.leaseNo + 1;
      table.rows.set(attempt.attemptId, { ...now, attempt: { ...now.attempt, leaseNo, state } });
    };
    runner.start();
    await clock.advance(2 * scanMs);
  }

  it('is cancelled where the money went back (G5)', async () => {
    await overtakenTo('EXPIRED');
    const [{ attempt }] = table.rows.values();
    expect(cancelled()).toEqual([['CancelBooking', `pay.${attempt.attemptId}.drop_late`]]);
  });

  it('stands where the other worker has it too', async () => {
    await overtakenTo('CAPTURED');
    expect(sent.map(([type]) => type)).toEqual(['BookHold', 'BookLate']);
  });
});
