import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Route } from '../../http/route.js';
import { cart, held, owner, paying } from '../shared/errors.js';
import * as Doc from '../shared/schemas.js';
import { compactType } from '../seats/handlers.js';

/** The rows of the route table: every address, what it takes, what it gives, who may ask. */
const event = Type.Object({ event_id: Doc.EventIdText });
const reservation = Type.Object({ reservation_id: Doc.ReservationIdText });
const booking = Type.Object({ booking_id: Doc.BookingIdText });
const text = Type.Optional(Type.String({ maxLength: limits.keywordLengthMax }));

export type Row = Omit<Route, 'handle' | 'quick'>;

const version = Type.Optional(
  Type.String({ maxLength: 15, description: 'The version the client already has.' }),
);

export const rows = {
  openSession: {
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Start a guest session',
    auth: 'none',
    cost: limits.sessionRequestCost,
    body: Type.Object({}, { additionalProperties: false }),
    bodyOptional: true,
    responses: { 201: { description: 'A new identity and its token.', schema: Doc.Session } },
    errors: [],
  },
  searchEvents: {
    method: 'GET',
    path: '/v1/events',
    summary: 'Search events by text, city and time; typos are forgiven',
    auth: 'none',
    query: Type.Object(
      {
        keyword: text,
        city: text,
        start: Type.Optional(Type.String({ maxLength: 40 })),
        end: Type.Optional(Type.String({ maxLength: 40 })),
        page: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMax })),
        page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSizeMax })),
      },
      { additionalProperties: false },
    ),
    responses: {
      200: {
        description: 'One page of events.',
        schema: Type.Object({
          total: Type.Integer(),
          page: Type.Integer(),
          page_size: Type.Integer(),
          events: Type.Array(Doc.EventSummaryDoc),
        }),
      },
    },
    errors: [],
  },
  showEvent: {
    method: 'GET',
    path: '/v1/events/{event_id}',
    summary: 'One event with prices, sale status and what is left',
    auth: 'none',
    params: event,
    responses: { 200: { description: 'The event.', schema: Doc.EventDoc } },
    errors: ['event_not_found'],
  },
  showLayout: {
    method: 'GET',
    path: '/v1/events/{event_id}/layout',
    summary: 'The seating plan; never changes',
    auth: 'none',
    params: event,
    headers: ['if-none-match'],
    responses: {
      200: { description: 'The plan.', schema: Type.Object({}), headers: { ETag: 'Its hash.' } },
      304: { description: 'The client has it.' },
    },
    errors: ['event_not_found'],
  },
  showSeats: {
    method: 'GET',
    path: '/v1/events/{event_id}/seats',
    summary: 'All seats as they are now',
    auth: 'none',
    params: event,
    headers: ['accept', 'if-none-match'],
    responses: {
      200: {
        description: 'The seats; compact on request.',
        schema: Type.Array(Doc.SeatDoc),
        alternatives: { [compactType]: Doc.SnapshotDoc },
        headers: { ETag: 'The version of the map.' },
      },
      304: { description: 'Nothing changed.' },
    },
    errors: ['event_not_found', 'overloaded', 'unavailable'],
  },
  watchEvent: {
    method: 'GET',
    path: '/v1/events/{event_id}/live',
    summary: 'The live seat map, by WebSocket or server-sent events',
    description: 'See docs/live-map.md for the frames.',
    auth: 'none',
    params: event,
    query: Type.Object(
      { token: Type.Optional(Type.String({ maxLength: limits.tokenBytesMax })), version },
      { additionalProperties: false },
    ),
    headers: ['accept', 'last-event-id'],
    responses: {
      101: { description: 'WebSocket: one snapshot, then diffs.' },
      200: {
        description: 'The same frames as events.',
        schema: Type.String(),
        contentType: 'text/event-stream',
      },
    },
    errors: [
      'event_not_found',
      'unauthorized',
      'token_expired',
      'upgrade_required',
      'overloaded',
      'unavailable',
    ],
  },
  createReservation: {
    method: 'POST',
    path: '/v1/reservations',
    summary: 'Hold seats until a deadline: all of them or none',
    auth: 'user',
    headers: ['idempotency-key'],
    body: Doc.ReservationBody,
    responses: { 201: { description: 'Held.', schema: Doc.Reservation } },
    errors: cart,
  },
  showReservation: {
    method: 'GET',
    path: '/v1/reservations/{reservation_id}',
    summary: 'A reservation of yours as it is now',
    auth: 'user',
    params: reservation,
    responses: { 200: { description: 'The reservation.', schema: Doc.ReservationState } },
    errors: ['reservation_not_found', 'reservation_expired', ...owner],
  },
  releaseReservation: {
    method: 'DELETE',
    path: '/v1/reservations/{reservation_id}',
    summary: 'Give seats back: all, or those that the body names',
    auth: 'user',
    params: reservation,
    headers: ['idempotency-key'],
    body: Doc.ReleaseBody,
    bodyOptional: true,
    responses: { 200: { description: 'What is left of it.', schema: Doc.ReservationState } },
    errors: ['unknown_seat', 'unknown_area', 'duplicate_seat', 'not_in_reservation', ...held],
  },
  extendReservation: {
    method: 'POST',
    path: '/v1/reservations/{reservation_id}/extend',
    summary: 'Keep a reservation longer, up to the limit of the event',
    auth: 'user',
    params: reservation,
    headers: ['idempotency-key'],
    body: Doc.ExtendBody,
    bodyOptional: true,
    responses: { 200: { description: 'With its new deadline.', schema: Doc.ReservationState } },
    errors: ['extension_limit', ...held],
  },
  createBooking: {
    method: 'POST',
    path: '/v1/bookings',
    summary: 'Pay for a reservation',
    auth: 'user',
    body: Doc.BookingBody,
    responses: {
      201: { description: 'Paid and booked.', schema: Doc.Booking, headers: { Location: 'It.' } },
      202: { description: 'Still running.', schema: Doc.Booking, headers: { Location: 'It.' } },
    },
    errors: paying,
  },
  showBooking: {
    method: 'GET',
    path: '/v1/bookings/{booking_id}',
    summary: 'A booking of yours as it is now',
    auth: 'user',
    params: booking,
    responses: { 200: { description: 'The booking.', schema: Doc.Booking } },
    errors: ['booking_not_found', 'unavailable'],
  },
  listBookings: {
    method: 'GET',
    path: '/v1/me/bookings',
    summary: 'Your bookings, newest first',
    auth: 'user',
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
          bookings: Type.Array(Doc.Booking),
          next_cursor: Type.Union([Type.String(), Type.Null()]),
        }),
      },
    },
    errors: ['unavailable'],
  },
  lockSeats: {
    method: 'POST',
    path: '/v1/reserve',
    summary: 'Hold seats, as the first half of an asynchronous purchase',
    auth: 'user',
    headers: ['idempotency-key'],
    body: Doc.ReservationBody,
    responses: {
      200: {
        description: 'Locked.',
        schema: Type.Object({ status: Type.Literal('locked'), ...Doc.Reservation.properties }),
      },
    },
    errors: cart,
  },
  checkout: {
    method: 'POST',
    path: '/v1/checkout',
    summary: 'Start paying and return at once; the result is at Location',
    auth: 'user',
    body: Doc.BookingBody,
    responses: {
      202: { description: 'Accepted.', schema: Doc.Booking, headers: { Location: 'It.' } },
    },
    errors: paying,
  },
  livez: {
    method: 'GET',
    path: '/livez',
    summary: 'The process is alive',
    auth: 'none',
    cost: 0,
    responses: { 200: { description: 'Alive.', schema: Type.Object({ status: Type.String() }) } },
    errors: [],
  },
  readyz: {
    method: 'GET',
    path: '/readyz',
    summary: 'The process can take requests',
    auth: 'none',
    cost: 0,
    responses: {
      200: { description: 'Ready.', schema: Type.Object({ status: Type.String() }) },
      503: {
        description: 'Not ready; says what is missing.',
        schema: Type.Object({ status: Type.String(), missing: Type.Array(Type.String()) }),
      },
    },
    errors: [],
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Numbers for Prometheus',
    auth: 'none',
    cost: 0,
    responses: {
      200: { description: 'Text format.', schema: Type.String(), contentType: 'text/plain' },
    },
    errors: [],
  },
} satisfies Record<string, Omit<Row, 'operationId'>>;
