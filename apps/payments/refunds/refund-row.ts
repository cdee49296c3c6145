import { noParts } from '#libs/contracts/money/price-parts.js';

import { partsOf } from '../store/attempt-row.js';
import type { Refund } from './refund.js';

/** refund as the driver gives it: bigint as text, times as Dates. */
export interface RefundRow {
  readonly refund_id: Refund['refundId'];
  readonly attempt_id: Refund['attemptId'];
  readonly booking_id: Refund['bookingId'];
  readonly event_id: Refund['eventId'];
  readonly user_id: Refund['userId'];
  readonly fingerprint: string;
  readonly role: string;
  readonly reason: string;
  readonly asker: string;
  readonly state: Refund['state'];
  readonly seats: Refund['seats'];
  readonly areas: Refund['areas'];
  readonly off_sale: boolean;
  readonly amount_minor: string;
  readonly kept_minor: string;
  readonly fee_minor: string;
  readonly tax_minor: string;
  readonly fee_tax_minor: string;
  readonly currency: string;
  readonly currency_digits: number | null;
  readonly payment_intent_id: string | null;
  readonly provider_refund_id: string | null;
  readonly failure: string | null;
  readonly error: string | null;
  readonly key_no: number;
  readonly hints: number;
  readonly hints_seen: number;
  readonly tries: number;
  readonly lease_no: number;
  readonly created_at: Date;
  readonly trace: string;
}

export const refundOf = (row: RefundRow): Refund => ({
  refundId: row.refund_id,
  attemptId: row.attempt_id,
  bookingId: row.booking_id,
  eventId: row.event_id,
  userId: row.user_id,
  fingerprint: row.fingerprint,
  role: row.role,
  reason: row.reason,
  asker: row.asker,
  state: row.state,
  seats: row.seats,
  areas: row.areas,
  offSale: row.off_sale,
  amountMinor: Number(row.amount_minor),
  keptMinor: Number(row.kept_minor),
  parts: partsOf(row) ?? noParts,
  currency: row.currency,
  currencyDigits: row.currency_digits,
  intentId: row.payment_intent_id,
  providerRefundId: row.provider_refund_id,
  failure: row.failure,
  error: row.error,
  keyNo: row.key_no,
  hints: row.hints,
  hintsSeen: row.hints_seen,
  tries: row.tries,
  leaseNo: row.lease_no,
  createdAtMs: row.created_at.getTime(),
  trace: row.trace,
});

/** The same as `to_jsonb` gives it: times as text, amounts as numbers. */
export type RefundJson = Omit<RefundRow, 'created_at'> & { readonly created_at: string };

export const refundOfJson = (row: RefundJson): Refund =>
  refundOf({ ...row, created_at: new Date(row.created_at) });
