import type { PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { SeatIndex } from '#libs/inventory/ids.js';

import type { Attempt } from '../saga/attempt.js';

/** payment_attempt as the driver gives it: bigint as text, times as Dates. */
export interface AttemptRow {
  readonly attempt_id: Attempt['attemptId'];
  readonly booking_id: Attempt['bookingId'];
  readonly user_id: Attempt['userId'];
  readonly hold_id: Attempt['holdId'];
  readonly event_id: Attempt['eventId'];
  readonly fingerprint: string;
  readonly payment_token: string | null;
  readonly state: Attempt['state'];
  readonly verdict: Attempt['verdict'];
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly amount_minor: string;
  /** All three are null or none. */
  readonly fee_minor: string | null;
  readonly tax_minor: string | null;
  readonly fee_tax_minor: string | null;
  readonly currency: string;
  readonly currency_digits: number | null;
  readonly deadline_at: Date | null;
  readonly payment_intent_id: string | null;
  readonly challenge: Attempt['challenge'];
  readonly return_url: string | null;
  readonly accept_alternative: boolean;
  readonly hints: number;
  readonly decline_code: string | null;
  readonly reason: string | null;
  readonly error: string | null;
  readonly key_no: number;
  readonly tries: number;
  readonly lease_no: number;
  readonly created_at: Date;
  readonly trace: string | null;
  readonly span: string | null;
}

export const attemptColumns = [
  'attempt_id',
  'booking_id',
  'user_id',
  'hold_id',
  'event_id',
  'fingerprint',
  'payment_token',
  'state',
  'verdict',
  'seats',
  'areas',
  'amount_minor',
  'fee_minor',
  'tax_minor',
  'fee_tax_minor',
  'currency',
  'currency_digits',
  'deadline_at',
  'payment_intent_id',
  'challenge',
  'return_url',
  'accept_alternative',
  'hints',
  'decline_code',
  'reason',
  'error',
  'key_no',
  'tries',
  'lease_no',
  'created_at',
  'trace',
  'span',
].join(', ');

/** Columns of an attempt or a refund. */
export const partsOf = (
  row: Pick<AttemptRow, 'fee_minor' | 'tax_minor' | 'fee_tax_minor'>,
): PriceParts | null =>
  row.fee_minor === null
    ? null
    : {
        feeMinor: Number(row.fee_minor),
        taxMinor: Number(row.tax_minor),
        feeTaxMinor: Number(row.fee_tax_minor),
      };

export function attemptOf(row: AttemptRow): Attempt {
  return {
    attemptId: row.attempt_id,
    bookingId: row.booking_id,
    userId: row.user_id,
    holdId: row.hold_id,
    eventId: row.event_id,
    fingerprint: row.fingerprint,
    paymentToken: row.payment_token,
    state: row.state,
    verdict: row.verdict,
    seats: row.seats,
    areas: row.areas,
    amountMinor: Number(row.amount_minor),
    parts: partsOf(row),
    currency: row.currency,
    currencyDigits: row.currency_digits,
    deadlineMs: row.deadline_at?.getTime() ?? null,
    intentId: row.payment_intent_id,
    challenge: row.challenge,
    returnUrl: row.return_url,
    acceptsAlternative: row.accept_alternative,
    hints: row.hints,
    declineCode: row.decline_code,
    reason: row.reason,
    error: row.error,
    keyNo: row.key_no,
    tries: row.tries,
    leaseNo: row.lease_no,
    createdAtMs: row.created_at.getTime(),
    trace: row.trace,
    span: row.span,
  };
}
