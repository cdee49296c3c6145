import type { RefundView } from '#libs/contracts/payments.js';

import { breakdownOf } from '../shared/breakdown.js';
import { isoTime } from '../shared/iso-time.js';

/** A refund in the words of the API. */
export const refundJson = (view: RefundView) => ({
  refund_id: view.refundId,
  booking_id: view.bookingId,
  status: view.status,
  seat_ids: view.seats,
  areas: view.areas,
  amount: view.amountMinor,
  ...breakdownOf(view.amountMinor, view.parts),
  kept: view.keptMinor,
  currency: view.currency,
  reason: view.reason,
  created_at: isoTime(view.createdAtMs),
});
