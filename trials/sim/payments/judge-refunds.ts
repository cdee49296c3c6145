import type { RefundRecord } from '#apps/payments/refunds/memory-refund-table.js';
import type { Refund } from '#apps/payments/refunds/refund.js';
import type { AttemptRecord } from '#apps/payments/store/memory-attempt-store.js';
import type { BookingId, EventId, SeatIndex } from '#libs/inventory/ids.js';
import type { MemoryBooking } from '#libs/journal/memory-store.js';
import type { BankDispute } from './bank-disputes.js';
import type { BankRefund } from './bank.js';
import { lostOf } from './judge-disputes.js';
import type { ToldOfRefund } from './refund-people.js';

/** What went back in a run that has ended, from sources that know nothing of each other. */
export interface RefundEvidence {
  readonly attempts: readonly AttemptRecord[];
  readonly refunds: readonly RefundRecord[];
  readonly bankRefunds: readonly BankRefund[];
  readonly bankDisputes: readonly BankDispute[];
  readonly bookings: readonly MemoryBooking[];
  /** Live sales, by seat. */
  readonly bookedSeats: (eventId: EventId) => ReadonlyMap<SeatIndex, BookingId>;
  readonly toldOfRefunds: readonly ToldOfRefund[];
}

type Expect = (name: string, holds: boolean, message: () => string) => void;

/** G5: what goes back goes once, is no more than came, and its places are the buyer's no more. */
export function checkRefunds(evidence: RefundEvidence, expect: Expect): void {
  const refunds = evidence.refunds.map(({ refund }) => refund);
  checkBank(evidence, refunds, expect);
  checkSums(evidence, refunds, expect);
  checkPlaces(evidence, refunds, expect);
  for (const { ask, reply } of evidence.toldOfRefunds) {
    if (reply.kind !== 'refund') continue;
    const made = refunds.filter((one) => one.asker === ask.asker && one.trace === ask.trace);
    const holds = made.length === 1 && made[0].refundId === reply.refund.refundId;
    expect('one_refund_a_key', holds, () => `${ask.requestKey} made ${made.length} refunds`);
  }
}

function checkBank(
  { bankRefunds }: RefundEvidence,
  refunds: readonly Refund[],
  expect: Expect,
): void {
  for (const { refundId, state, amountMinor: asked } of refunds) {
    const isOver = state === 'DONE' || state === 'CLOSED';
    expect('refunds_settle', isOver, () => `${refundId} is ${state}`);
    // Closed: the buyer's bank has paid him.
    const amountMinor = state === 'CLOSED' ? 0 : asked;
    const given = bankRefunds.filter((one) => one.refundId === refundId && one.status !== 'failed');
    const sum = given.reduce((total, one) => total + one.amountMinor, 0);
    const message = (): string => `${refundId} of ${amountMinor} was given back as ${sum}`;
    expect('given_back_once', sum === amountMinor, message);
  }
}

function checkSums(
  { attempts, bookings, bankRefunds, bankDisputes }: RefundEvidence,
  refunds: readonly Refund[],
  expect: Expect,
): void {
  const rows = new Map(bookings.map((row) => [row.bookingId as string, row]));
  for (const { attempt } of attempts) {
    const { attemptId, bookingId, amountMinor, state } = attempt;
    const mine = refunds.filter((one) => one.attemptId === attemptId);
    const ids = new Set<string>(mine.map(({ refundId }) => refundId));
    const given = bankRefunds.filter((one) => ids.has(one.refundId) && one.status !== 'failed');
    const disputes = bankDisputes.filter((one) => one.attemptId === attemptId);
    const lost = disputes.reduce((sum, one) => sum + lostOf(one), 0);
    const back = given.reduce((sum, one) => sum + one.amountMinor, 0) + lost;
    const kept = mine.reduce((sum, one) => sum + one.keptMinor, 0);
    const message = (): string => `${attemptId} of ${amountMinor} gave ${back} back, kept ${kept}`;
    expect('no_more_than_paid', back <= amountMinor, message);
    const gone = state === 'CAPTURED' && rows.get(bookingId)?.cancelledAtMs !== null;
    // Who gives an amount back may give of what was kept. What a bank decided anew, after its buyer
    // had nothing to get back any more, is between him and finance.
    if (gone && !disputes.some(({ wasLost, status }) => wasLost && status !== 'lost'))
      expect('gone_is_given_back', back + kept >= amountMinor, message);
  }
}

function checkPlaces(
  { bookings, bookedSeats }: RefundEvidence,
  refunds: readonly Refund[],
  expect: Expect,
): void {
  const rows = new Map(bookings.map((row) => [row.bookingId, row]));
  for (const { refundId, bookingId, eventId, seats } of refunds) {
    const live = bookedSeats(eventId);
    const still = seats.filter((seat) => live.get(seat) === bookingId);
    expect('given_back_is_free', still.length === 0, () => `${refundId} left ${still.join()}`);
  }
  for (const [bookingId, row] of rows) {
    const mine = refunds.filter((one) => one.bookingId === bookingId);
    if (mine.length === 0 || row.cancelledAtMs !== null) continue;
    const back = new Set(mine.flatMap(({ seats }) => seats));
    const live = bookedSeats(row.eventId);
    const left = row.seats.filter((seat) => !back.has(seat));
    const isKept = left.every((seat) => live.get(seat) === bookingId);
    expect('the_rest_is_kept', isKept, () => `${bookingId} has not all of ${left.join()}`);
  }
}
