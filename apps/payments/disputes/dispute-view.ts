import type { DisputeView } from '#libs/contracts/payments.js';

import { isFrozen, overStatuses, standingOf } from './dispute.js';

/** What a booking shows of a dispute, as SQL of the booking's id gives it. */
export interface DisputeJson {
  readonly status: string;
  readonly amount_minor: number;
}

const over = overStatuses.map((status) => `'${status}'`).join(', ');

/** The newest: an inquiry that became a chargeback is one dispute to the provider. */
export const disputeOfBooking = (bookingId: string): string => `
  (SELECT jsonb_build_object('status', d.status, 'amount_minor', d.amount_minor)
   FROM payment_attempt AS paid JOIN dispute AS d USING (attempt_id)
   WHERE paid.booking_id = ${bookingId} AND d.status IS NOT NULL
   ORDER BY d.status NOT IN (${over}) DESC, d.updated_at DESC LIMIT 1)`;

export function disputeViewOf({ status, amount_minor: amountMinor }: DisputeJson): DisputeView {
  const standing = standingOf(status);
  return { standing, isFrozen: isFrozen(standing), amountMinor };
}
