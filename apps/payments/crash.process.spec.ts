import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { HoldId } from '#libs/inventory/ids.js';

import type { StepType } from './saga/decide-saga.js';
import { audit, eventually } from './testing/audit.js';
import { refuseBooking } from './testing/fake-inventory.js';
import { openRig, type PaymentsRig } from './testing/payments-rig.js';
import { orderFaults, readLedger, type OrderedFault } from './testing/simulator-control.js';

const userId = 'usr_ada';
const timings = { leaseMs: 300, scanMs: 50, pollMs: 20 };
let rig: PaymentsRig;
let nextSeat = 0;

beforeAll(async () => {
  rig = await openRig();
});

afterAll(() => rig.stop());

/** A process that ends at the first pass of a step, with nothing tidied up. */
async function crashAt(
  at: 'before' | 'after',
  step: StepType,
  call: { holdId: Awaited<ReturnType<PaymentsRig['inventory']['hold']>>; token: string },
  leaseMs = timings.leaseMs,
): Promise<boolean> {
  let reached = (): void => undefined;
  const passed = new Promise<true>((resolve) => {
    reached = () => resolve(true);
  });
  const failpoint = (where: string, which: string): Promise<void> | void => {
    if (where !== at || which !== step) return undefined;
    reached();
    return Promise.reject(new Error('power cut'));
  };
  const doomed = await rig.start({ timings: { ...timings, leaseMs }, failpoint });
  const reply = doomed.book({ userId, key: call.holdId, ...call }).then(
    () => false as const,
    () => false as const,
  );
  const crashed = await Promise.race([passed, reply]);
  await doomed.crash();
  await reply;
  return crashed;
}

describe('a crash of the process that pays', () => {
  const visa = 'pm_card_visa';
  const declined = 'pm_card_chargeDeclined';
  /** The owner refuses to book. */
  const lost = 'pm_card_mastercard';
  it.each<['before' | 'after', StepType, string, string]>([
    ['before', 'begin', visa, 'confirmed'],
    ['after', 'begin', visa, 'confirmed'],
    ['before', 'authorise', visa, 'confirmed'],
    ['after', 'authorise', visa, 'confirmed'],
    ['after', 'authorise', declined, 'declined'],
    ['before', 'book', visa, 'confirmed'],
    ['after', 'book', visa, 'confirmed'],
    ['before', 'capture', visa, 'confirmed'],
    ['after', 'capture', visa, 'confirmed'],
    ['before', 'void', lost, 'declined'],
    ['after', 'void', lost, 'declined'],
    ['before', 'release', declined, 'declined'],
    ['after', 'release', declined, 'declined'],
  ])('%s the step %s with %s leaves one outcome: %s', async (at, step, token, kind) => {
    const before = await readLedger(rig.stripeUrl);
    nextSeat += 1;
    const holdId = await rig.inventory.hold({ userId, seats: [nextSeat], totalMinor: 4_000 });
    rig.inventory.interfere = token === lost ? refuseBooking : null;
    expect(await crashAt(at, step, { holdId, token })).toBe(true);

    const next = await rig.start({ timings });
    const reply = await next.book({ userId, holdId, key: holdId, token });
    expect(reply.kind).toBe(kind);
    const after = await readLedger(rig.stripeUrl);
    expect(after.intents).toHaveLength(before.intents.length + 1);
    expect(after.captured - before.captured).toBe(kind === 'confirmed' ? 4_000 : 0);
    expect(await rig.inventory.statusOf(holdId)).toBe(kind === 'confirmed' ? 'gone' : 'held');
    const seen = await audit(rig.pool, rig.stripeUrl);
    expect(seen).toMatchObject({ unsettled: [], stillAuthorised: 0, capturedTwice: [] });
    expect(seen.booked).toBe(seen.captured);
    await next.stop();
  });

  it.each([
    ['after a charge whose answer was lost, past the deadline, gives the money back', true],
    ['after a charge whose answer was lost books late when the seats are still free', false],
  ])('%s', async (_what, sold) => {
    const before = await readLedger(rig.stripeUrl);
    nextSeat += 1;
    const seats = [nextSeat];
    const holdId = await rig.inventory.hold({ userId, seats, totalMinor: 4_000, ttlMs: 1_500 });
    const token = 'pm_card_visa';
    expect(await crashAt('after', 'authorise', { holdId, token })).toBe(true);
    await pastDeadline(holdId);
    if (sold) await rig.inventory.takeAway(holdId);
    const next = await rig.start({ timings });
    const reply = await next.book({ userId, holdId, key: holdId, token });
    if (sold) expect(reply).toEqual({ kind: 'hold_gone', reason: 'expired' });
    else expect(reply).toMatchObject({ kind: 'confirmed', booking: { holdId } });
    const after = await readLedger(rig.stripeUrl);
    expect(after.voided - before.voided).toBe(sold ? 4_000 : 0);
    expect(after.captured - before.captured).toBe(sold ? 0 : 4_000);
    await next.stop();
  });
});

describe('a charge whose answer was lost, among thousands of newer ones', () => {
  const newer = 5_100;
  /** The second process that is lost must not go on with the attempt of the first. */
  const leaseMs = 6_000;
  const lose = async (ttlMs: number, faults: readonly OrderedFault[]): Promise<HoldId> => {
    nextSeat += 1;
    const seats = [nextSeat];
    const holdId = await rig.inventory.hold({ userId, seats, totalMinor: 4_000, ttlMs });
    await orderFaults(rig.stripeUrl, faults);
    const call = { holdId, token: 'pm_card_visa' };
    expect(await crashAt('after', 'authorise', call, leaseMs)).toBe(true);
    return holdId;
  };

  it('is settled all the same, whether its key tells or not', async () => {
    const before = await readLedger(rig.stripeUrl);
    const late = await lose(1_500, []);
    const failed = await lose(60_000, [
      { kind: 'error_after', operation: 'payment_intents.create' },
    ]);
    await rig.addIntentsOfOthers(newer);
    await pastDeadline(late);
    await rig.inventory.takeAway(late);
    const next = await rig.start({ timings });
    const expired = await next.book({ userId, holdId: late, key: late, waitMs: 25_000 });
    expect(expired).toEqual({ kind: 'hold_gone', reason: 'expired' });
    // Page after page of a hundred: on a busy machine that takes longer than one call may wait.
    const found = await eventually(
      () => next.book({ userId, holdId: failed, key: failed, waitMs: 25_000 }),
      (reply) => reply.kind !== 'pending',
      75_000,
    );
    expect(found.kind).toBe('confirmed');
    const after = await readLedger(rig.stripeUrl);
    expect(after.voided - before.voided).toBe(4_000);
    expect(after.captured - before.captured).toBe(4_000);
    const rows = await rig.pool.query<{ hold_id: string; error: string | null }>(
      'SELECT hold_id, error FROM payment_attempt WHERE hold_id = ANY($1)',
      [[late, failed]],
    );
    const errors = new Map(rows.rows.map((row) => [row.hold_id, row.error]));
    expect(errors.get(late)).toBeNull();
    expect(errors.get(failed)).toContain('looked for');
    await next.stop();
  }, 120_000);
});

const pastDeadline = (holdId: HoldId): Promise<number> =>
  eventually(
    async () => {
      const late = await rig.pool.query(
        'SELECT FROM fake_hold WHERE hold_id = $1 AND deadline_at < clock_timestamp()',
        [holdId],
      );
      return late.rows.length;
    },
    (late) => late === 1,
  );

describe('a graceful stop', () => {
  it('ends the running step and leaves the rest to the next process at once', async () => {
    const leisurely = { leaseMs: 60_000, scanMs: 50, pollMs: 20 };
    const first = await rig.start({ timings: leisurely });
    await orderFaults(rig.stripeUrl, [{ kind: 'latency', latency_ms: 300 }]);
    nextSeat += 1;
    const holdId = await rig.inventory.hold({ userId, seats: [nextSeat], totalMinor: 4_000 });
    const reply = first.book({ userId, holdId, key: holdId });
    await eventually(
      () => rig.inventory.statusOf(holdId),
      (status) => status === 'paying',
    );
    await first.stop();
    expect((await reply).kind).toBe('pending');
    // With a lease of a minute only one that was given back can be taken up now.
    const next = await rig.start({ timings: leisurely });
    expect((await next.book({ userId, holdId, key: holdId })).kind).toBe('confirmed');
    await next.stop();
  });
});
