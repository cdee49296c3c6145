import { isSettled } from '#apps/payments/saga/attempt.js';
import type { AttemptRecord, LedgerRow } from '#apps/payments/store/memory-attempt-store.js';
import type { MemoryBooking } from '#libs/journal/memory-store.js';
import type { Charge } from './bank.js';
import { checkCancellations, type CancellationEvidence } from './judge-cancellations.js';
import { checkDisputes, lostOf, type DisputeEvidence } from './judge-disputes.js';
import { checkRefunds, type RefundEvidence } from './judge-refunds.js';
import type { Told } from './payer.js';

/** The money of a run that has ended, from sources that know nothing of each other. */
export interface MoneyEvidence extends RefundEvidence, CancellationEvidence, DisputeEvidence {
  readonly attempts: readonly AttemptRecord[];
  readonly ledger: readonly LedgerRow[];
  readonly charges: readonly Charge[];
  readonly bookings: readonly MemoryBooking[];
  readonly told: readonly Told[];
}

export interface MoneyVerdict {
  readonly violations: readonly string[];
  readonly looked: ReadonlyMap<string, number>;
}

/** G5: nobody pays without a booking or twice for one, no booking without its money. */
export function judgeMoney(evidence: MoneyEvidence): MoneyVerdict {
  const violations: string[] = [];
  const looked = new Map<string, number>();
  const expect: Expect = (name, holds, message) => {
    looked.set(name, (looked.get(name) ?? 0) + 1);
    if (!holds) violations.push(`G5 ${name}: ${message()}`);
  };
  checkAttempts(evidence, expect);
  checkCharges(evidence, expect);
  checkBookings(evidence, expect);
  checkLedger(evidence, expect);
  checkTold(evidence, expect);
  checkRefunds(evidence, expect);
  checkCancellations(evidence, expect);
  checkDisputes(evidence, expect);
  return { violations, looked };
}

type Expect = (name: string, holds: boolean, message: () => string) => void;

function checkAttempts({ attempts, charges }: MoneyEvidence, expect: Expect): void {
  const taken = capturesBy(charges, ({ request }) => request.metadata.attempt_id);
  const keys = new Map<string, number>();
  for (const { attempt, idempotencyKey } of attempts) {
    const { attemptId, state, userId } = attempt;
    const captures = taken.get(attemptId) ?? 0;
    expect('attempts_settle', isSettled(state), () => `${attemptId} is ${state}`);
    const due = state === 'CAPTURED' && attempt.amountMinor > 0 ? 1 : 0;
    const message = (): string => `${attemptId} is ${state} and was captured ${captures} times`;
    expect('captured_once_or_never', captures === due, message);
    const key = `${userId} ${idempotencyKey}`;
    keys.set(key, (keys.get(key) ?? 0) + 1);
  }
  for (const [key, count] of keys) {
    expect('one_attempt_a_key', count === 1, () => `${key} has ${count} attempts`);
  }
}

function checkCharges({ charges, bookings, refunds }: MoneyEvidence, expect: Expect): void {
  const back = new Set(refunds.map(({ refund }) => refund.bookingId as string));
  const rows = new Map(bookings.map((row) => [row.bookingId as string, row]));
  for (const { id, request, status } of charges) {
    const { booking_id: bookingId, attempt_id: attemptId } = request.metadata;
    const hangs = status === 'authorised' || status === 'processing';
    expect('no_authorisation_hangs', !hangs, () => `${id} of ${attemptId} is ${status}`);
    if (status !== 'captured') continue;
    const row = rows.get(bookingId);
    expect(
      'captured_is_booked',
      // Where something went back, checkRefunds says what of it must be there.
      row !== undefined &&
        (row.cancelledAtMs === null || back.has(bookingId)) &&
        row.totalMinor === request.amountMinor,
      () => `${id} took ${request.amountMinor} for ${bookingId}, which is ${describe(row)}`,
    );
  }
  const byHold = capturesBy(charges, ({ request }) => request.metadata.reservation_id);
  for (const [holdId, count] of byHold) {
    expect('a_hold_is_paid_once', count <= 1, () => `${holdId} was paid ${count} times`);
  }
}

function checkBookings({ bookings, attempts, charges }: MoneyEvidence, expect: Expect): void {
  const paid = new Set(
    charges
      .filter(({ status }) => status === 'captured')
      .map(({ request }) => request.metadata.booking_id),
  );
  const ours = new Map(attempts.map(({ attempt }) => [attempt.bookingId, attempt]));
  for (const { bookingId, cancelledAtMs, totalMinor } of bookings) {
    const attempt = ours.get(bookingId);
    if (attempt === undefined || cancelledAtMs !== null || totalMinor === 0) continue;
    const message = (): string => `${bookingId} is live, its attempt is ${attempt.state}`;
    expect('booked_is_captured', paid.has(bookingId), message);
  }
}

function checkLedger(evidence: MoneyEvidence, expect: Expect): void {
  const { ledger, charges, bankRefunds, bankDisputes } = evidence;
  const captured = charges
    .filter(({ status }) => status === 'captured')
    .reduce((sum, { request }) => sum + request.amountMinor, 0);
  const back = bankRefunds
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const away = bankDisputes.reduce((sum, { withdrawnMinor }) => sum + withdrawnMinor, 0);
  const lost = bankDisputes.reduce((sum, one) => sum + lostOf(one), 0);
  const wanted = {
    provider_receivable: captured - back - away,
    disputed_funds: away - lost,
    ticket_sales: back + lost - captured,
  };
  for (const [account, sum] of Object.entries(wanted)) {
    const balance = ledger
      .filter((row) => row.account === account)
      .reduce((total, { amountMinor }) => total + amountMinor, 0);
    const message = (): string => `${account} is ${balance}, the provider says ${sum}`;
    expect('ledger_is_the_providers', balance === sum, message);
  }
}

/** What a buyer was told under a key stays true; only the bank itself can take it back. */
function checkTold({ told, attempts }: MoneyEvidence, expect: Expect): void {
  const byKey = new Map(
    attempts.map(({ attempt, idempotencyKey }) => [`${attempt.userId} ${idempotencyKey}`, attempt]),
  );
  for (const { call, reply } of told) {
    const attempt = byKey.get(`${call.userId} ${call.idempotencyKey}`);
    const state = attempt?.state ?? 'nothing';
    const message = (): string => {
      return `${call.idempotencyKey} was told ${reply.kind} and its attempt is ${state}`;
    };
    switch (reply.kind) {
      case 'confirmed': {
        const takenBack = state === 'FAILED' && attempt?.reason === 'authorisation_lost';
        expect('told_is_kept', state === 'CAPTURED' || takenBack, message);
        break;
      }
      case 'declined':
        expect('told_is_kept', state === 'DECLINED' || state === 'FAILED', message);
        break;
      case 'hold_gone': {
        // Who is told which booking his hold became under another key needs no attempt of this one.
        const { bookingId } = reply;
        const isBooked = attempts.some(
          (one) => one.attempt.bookingId === bookingId && one.attempt.userId === call.userId,
        );
        const told = attempt === undefined ? isBooked : state === 'EXPIRED' || state === 'REJECTED';
        expect('told_is_kept', told, message);
        break;
      }
      case 'pending':
        expect('told_is_kept', attempt !== undefined, message);
        break;
      case 'key_reused':
      case 'payment_in_progress':
      case 'unavailable':
    }
  }
}

function capturesBy(charges: readonly Charge[], nameOf: (charge: Charge) => string) {
  const sums = new Map<string, number>();
  for (const charge of charges) {
    const name = nameOf(charge);
    sums.set(name, (sums.get(name) ?? 0) + charge.captures);
  }
  return sums;
}

function describe(row: MemoryBooking | undefined): string {
  if (row === undefined) return 'not there';
  return row.cancelledAtMs === null ? `sold for ${row.totalMinor}` : 'cancelled';
}
