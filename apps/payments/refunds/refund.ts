import type { PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { AttemptId, BookingId, EventId, SeatIndex, UserId } from '#libs/inventory/ids.js';

import { refundEntries, refundFailedEntries, type LedgerEntry } from '../ledger/accounts.js';

/**
 * One refund, as stored: an aggregate of its own beside the attempt, whose CAPTURED stays final.
 * The state names the step that comes next:
 *
 *   REQUESTED ──free──> SEATS_FREED ──send──> SENT ──ask──> DONE
 *       (an amount alone begins here ^)         └─────────> FAILED
 *            DONE ──news──> FAILED            FAILED ──finance──> SEATS_FREED | CLOSED
 *
 * Seats before money. The other way round a buyer could have his money and his seat, for as long
 * as the owner of the event cannot be reached; and money that was sent cannot be called back, while
 * an order to send it waits in its row for as long as it must.
 *
 * MR1  Nothing is asked of the provider before the journal has taken the places from the buyer: no
 *      money goes back for a ticket that is valid, and no seat is free whose ticket is.
 * MR2  All refunds of an attempt together are at most what was captured. They are added up under a
 *      lock of the attempt, with what they take of its places, before the provider is asked.
 * MR3  Each step may be executed again after a crash: the command's id and the provider's key
 *      follow from the refund and its keyNo alone. Money is sent within a lease, by who has it:
 *      a key is forgotten after a day, and who sleeps for so long finds that he is late. What it
 *      answers a second time is what it answered first: how the refund is now, is asked for.
 * MR4  What counts as given back is in the ledger, by the statement that says so; what the provider
 *      takes back later (a refund that fails after it was done) is entered against it.
 *
 * It does not decide who may ask (refund-desk.ts), nor whether an event allows it.
 */
export const openRefundStates = ['REQUESTED', 'SEATS_FREED', 'SENT'] as const;
export const refundStates = [...openRefundStates, 'DONE', 'FAILED', 'CLOSED'] as const;

export type RefundState = (typeof refundStates)[number];

declare const refundId: unique symbol;
export type RefundId = string & { readonly [refundId]: true };

export interface Refund {
  readonly refundId: RefundId;
  readonly attemptId: AttemptId;
  readonly bookingId: BookingId;
  readonly eventId: EventId;
  readonly userId: UserId;
  readonly fingerprint: string;
  readonly role: string;
  readonly reason: string;
  readonly asker: string;
  readonly state: RefundState;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  /** The places are blocked, and not for sale again. */
  readonly offSale: boolean;
  readonly amountMinor: number;
  readonly keptMinor: number;
  /** What of the amount is fee and tax. */
  readonly parts: PriceParts;
  readonly currency: string;
  readonly currencyDigits: number | null;
  /** null: nothing was paid. */
  readonly intentId: string | null;
  readonly providerRefundId: string | null;
  readonly failure: string | null;
  readonly error: string | null;
  readonly keyNo: number;
  readonly hints: number;
  readonly hintsSeen: number;
  readonly tries: number;
  readonly leaseNo: number;
  readonly createdAtMs: number;
  readonly trace: string;
}

/** Under which the provider knows it, and the ledger its movements. */
export const keyOfRefund = ({ refundId: id, keyNo }: Pick<Refund, 'refundId' | 'keyNo'>): string =>
  keyNo === 0 ? id : `${id}.${keyNo}`;

/** What a step enters in the ledger (MR4). */
export function movementOf(
  { amountMinor, parts }: Pick<Refund, 'amountMinor' | 'parts'>,
  { moves }: { readonly moves?: 'refund' | 'refund_failed' },
): readonly LedgerEntry[] {
  if (moves === undefined) return [];
  return moves === 'refund'
    ? refundEntries(amountMinor, parts)
    : refundFailedEntries(amountMinor, parts);
}

export const isOpen = (state: RefundState): boolean =>
  (openRefundStates as readonly string[]).includes(state);

export const namedRefund = (refund: Refund): Readonly<Record<string, string>> => ({
  trace: refund.trace,
  refund: refund.refundId,
  booking: refund.bookingId,
  attempt: refund.attemptId,
  event: refund.eventId,
});
