import { levelWithLate } from '#libs/inventory/codec/fact-kinds.js';

import type { Attempt } from '../saga/attempt.js';
import { keptOfCancelling, type CancellingRule } from './cancelling.js';
import type { RefundAsk, Requested } from './refund-ask.js';
import type { Refund } from './refund.js';
import { whatGoesBack, type GoesBack, type Gone, type Refused } from './what-goes-back.js';

/** What a refund is judged by, all of one moment. */
export interface KnownOfPayment {
  readonly attempt: Attempt;
  /** Of facts (decision 0012). */
  readonly level: number;
  /** What is no longer there of it; or its bank decides about it. */
  readonly gone: 'disputed' | readonly Gone[];
  /** Whether its buyer may cancel; null: he may not, or it is not he who asks. */
  readonly rule: CancellingRule | null;
}

/** Whether and what goes back (MR2): pure, and asked under the lock of the attempt. */
export function judgeRefund(
  { offSale, terms, cancelling }: RefundAsk,
  { attempt, level, gone, rule }: KnownOfPayment,
): GoesBack | Refused {
  const { state } = attempt;
  if (state === 'AUTHORISED' || state === 'BOOKED') return { refused: 'payment_in_progress' };
  if (state !== 'CAPTURED') return { refused: 'booking_not_found' };
  if (offSale && level < levelWithLate) return { refused: 'not_finalized' };
  if (gone === 'disputed') return { refused: 'booking_disputed' };
  if (cancelling === undefined) return whatGoesBack(attempt, gone, terms);
  const kept = keptOfCancelling(rule, attempt);
  if (typeof kept === 'string') return { refused: kept };
  const back = whatGoesBack(attempt, gone, { ...terms, ...kept });
  if ('refused' in back) return back;
  const { amountMinor } = back;
  const isTold = cancelling.amountMinor === null || cancelling.amountMinor === amountMinor;
  return isTold ? back : { refused: 'cancellation_changed', leftMinor: amountMinor };
}

export const refusal = ({ refused, leftMinor }: Refused): Requested => ({
  kind: 'refused',
  reason: refused,
  ...(leftMinor === undefined ? {} : { leftMinor }),
});

/** What the key made before, if it is the same request. */
export const again = (known: Refund, ask: RefundAsk): Requested =>
  known.fingerprint === ask.fingerprint && known.bookingId === ask.bookingId
    ? { kind: 'refund', refund: known, isNew: false }
    : { kind: 'key_reused' };

/** An amount alone takes no places. */
export const firstState = ({ seats, areas }: GoesBack): Refund['state'] =>
  seats.length + areas.length === 0 ? 'SEATS_FREED' : 'REQUESTED';
