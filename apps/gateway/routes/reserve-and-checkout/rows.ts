import Type from 'typebox';

import type { Rows } from '../area.js';
import { payingErrors, payingHeaders } from '../bookings/rows.js';
import { Booking, BookingBody } from '../bookings/schemas.js';
import { cartErrors } from '../reservations/rows.js';
import { Reservation, ReservationBody } from '../reservations/schemas.js';

/** The asynchronous pair: seats are locked at once, the payment is asked for later. */
export const reserveAndCheckoutRows = {
  lockSeats: {
    method: 'POST',
    path: '/v1/reserve',
    summary: 'Hold seats, as the first half of an asynchronous purchase',
    auth: 'user',
    object: 'none',
    headers: ['idempotency-key'],
    body: ReservationBody,
    responses: {
      200: {
        description: 'Locked.',
        schema: Type.Object({ status: Type.Literal('locked'), ...Reservation.properties }),
      },
    },
    errors: cartErrors,
  },
  checkout: {
    method: 'POST',
    path: '/v1/checkout',
    summary: 'Start paying and return at once; the result is at Location',
    auth: 'user',
    object: 'buyer',
    body: BookingBody,
    responses: {
      202: { description: 'Accepted.', schema: Booking, headers: payingHeaders },
    },
    errors: payingErrors,
    alwaysLogged: true,
  },
} satisfies Rows;
