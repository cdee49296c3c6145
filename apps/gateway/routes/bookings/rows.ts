import Type from 'typebox';

import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { Booking, BookingBody, CancelBody, Quote, QuoteBody, Refund } from './schemas.js';
import { BookingIdText } from '../shared/schemas.js';

const booking = Type.Object({ booking_id: BookingIdText });

export const payingErrors: readonly ErrorCode[] = [
  'reservation_not_found',
  'reservation_expired',
  'already_booked',
  'sale_ended',
  'event_cancelled',
  'payment_declined',
  'too_many_declines',
  'amount_not_chargeable',
  'payment_in_progress',
  'idempotency_key_reused',
  'unavailable',
  'outcome_unknown',
];

export const payingHeaders = { Location: 'It.', 'Trace-Id': 'By which the logs tell of it.' };

/** Paying, and what became of it. */
export const bookingRows = {
  createBooking: {
    method: 'POST',
    path: '/v1/bookings',
    summary: 'Pay for a reservation',
    auth: 'user',
    object: 'buyer',
    body: BookingBody,
    responses: {
      201: { description: 'Paid and booked.', schema: Booking, headers: payingHeaders },
      202: {
        description:
          'Still running. With `next_action` it waits for the buyer, who answers his bank there; ' +
          'the reservation is kept until its payment deadline.',
        schema: Booking,
        headers: payingHeaders,
      },
    },
    errors: payingErrors,
    alwaysLogged: true,
  },
  showBooking: {
    method: 'GET',
    path: '/v1/bookings/{booking_id}',
    summary: 'A booking of yours as it is now',
    auth: 'user',
    object: 'buyer',
    params: booking,
    responses: { 200: { description: 'The booking.', schema: Booking } },
    errors: ['booking_not_found', 'unavailable'],
  },
  listBookings: {
    method: 'GET',
    path: '/v1/me/bookings',
    summary: 'Your bookings, newest first',
    auth: 'user',
    object: 'none',
    query: Type.Object(
      {
        page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSizeMax })),
        cursor: Type.Optional(Type.String({ minLength: 1, maxLength: limits.keywordLengthMax })),
      },
      { additionalProperties: false },
    ),
    responses: {
      200: {
        description: 'One page, declined and expired attempts included.',
        schema: Type.Object({
          bookings: Type.Array(Booking),
          next_cursor: Type.Union([Type.String(), Type.Null()]),
        }),
      },
    },
    errors: ['unavailable'],
  },
  cancelBooking: {
    method: 'POST',
    path: '/v1/bookings/{booking_id}/cancel',
    summary: 'Give your booking back, or some of its places',
    description:
      'As its event allows it: `cancellation` of the event says until when, and what is kept of ' +
      'each place. The places are free first, then the money is sent; `refunds` of the booking ' +
      'say how far it is.',
    auth: 'user',
    object: 'buyer',
    params: booking,
    body: CancelBody,
    responses: { 202: { description: 'It is under way, or was before.', schema: Refund } },
    errors: [
      'booking_not_found',
      'cancellation_not_allowed',
      'cancellation_over',
      'cancellation_changed',
      'payment_in_progress',
      'already_refunded',
      'booking_disputed',
      'not_in_booking',
      'unknown_seat',
      'unknown_area',
      'refund_too_high',
      'price_not_known',
      'amount_not_chargeable',
      'idempotency_key_reused',
      'overloaded',
      'unavailable',
      'outcome_unknown',
    ],
    alwaysLogged: true,
  },
  quoteCancellation: {
    method: 'POST',
    path: '/v1/bookings/{booking_id}/cancel/quote',
    summary: 'What giving your booking back would bring, or some of its places',
    description:
      'Nothing is cancelled, and nothing is promised: send `amount` with the cancellation, which ' +
      'is refused when it would be another sum by then.',
    auth: 'user',
    object: 'buyer',
    params: booking,
    body: QuoteBody,
    responses: { 200: { description: 'What goes back now.', schema: Quote } },
    errors: [
      'booking_not_found',
      'cancellation_not_allowed',
      'cancellation_over',
      'already_refunded',
      'booking_disputed',
      'not_in_booking',
      'unknown_seat',
      'unknown_area',
      'refund_too_high',
      'price_not_known',
      'amount_not_chargeable',
      'overloaded',
      'unavailable',
    ],
  },
} satisfies Rows;
