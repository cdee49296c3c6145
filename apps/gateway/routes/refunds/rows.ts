import Type from 'typebox';

import type { Rows } from '../area.js';
import { Refund } from '../bookings/schemas.js';
import { AskedEventId, BookingIdText } from '../shared/schemas.js';
import { RefundBody } from './schemas.js';

/** Money that goes back to buyers, by those who help them and those who count it. */
export const refundRows = {
  startRefund: {
    method: 'POST',
    path: '/v1/admin/events/{event_id}/bookings/{booking_id}/refunds',
    summary: 'Give a booking back, some of its places, or an amount',
    description:
      'Its places are taken from the buyer first, then its money is sent. What is answered goes ' +
      'on by itself; `refunds` of the booking say how far it is.',
    auth: { roles: ['support', 'finance'] },
    object: 'organiser',
    params: Type.Object({ event_id: AskedEventId, booking_id: BookingIdText }),
    body: RefundBody,
    responses: { 202: { description: 'It is under way, or was before.', schema: Refund } },
    errors: [
      'event_not_found',
      'booking_not_found',
      'not_in_booking',
      'unknown_seat',
      'unknown_area',
      'payment_in_progress',
      'already_refunded',
      'booking_disputed',
      'refund_too_high',
      'price_not_known',
      'currency_mismatch',
      'amount_not_chargeable',
      'not_finalized',
      'idempotency_key_reused',
      'overloaded',
      'unavailable',
      'outcome_unknown',
    ],
    alwaysLogged: true,
  },
} satisfies Rows;
