import Type from 'typebox';

import type { ErrorCode } from '#libs/contracts/errors.js';

import type { Rows } from '../area.js';
import { ReservationIdText } from '../shared/schemas.js';
import {
  ExtendBody,
  ReleaseBody,
  Reservation,
  ReservationBody,
  ReservationState,
} from './schemas.js';

const reservation = Type.Object({ reservation_id: ReservationIdText });

const ownerErrors: readonly ErrorCode[] = ['overloaded', 'unavailable', 'outcome_unknown'];

/** What a cart can be refused with, and what can become of its way to the owner. */
export const cartErrors: readonly ErrorCode[] = [
  'event_not_found',
  'unknown_seat',
  'unknown_area',
  'unknown_category',
  'unknown_section',
  'duplicate_seat',
  'too_many_places',
  'idempotency_key_reused',
  'verified_buyers_only',
  'admission_needed',
  'admission_invalid',
  'admission_expired',
  'party_limit',
  'sale_ended',
  'event_cancelled',
  'sale_not_open',
  'sale_closed',
  'seats_unavailable',
  'area_full',
  'accessible_seats_protected',
  'no_block_available',
  'stranded_single',
  'buyer_limit',
  'accessible_limit',
  'address_limit',
  'price_changed',
  ...ownerErrors,
];

const heldErrors: readonly ErrorCode[] = [
  'reservation_not_found',
  'reservation_expired',
  'idempotency_key_reused',
  'payment_in_progress',
  ...ownerErrors,
];

export const reservationRows = {
  createReservation: {
    method: 'POST',
    path: '/v1/reservations',
    summary: 'Hold seats until a deadline: all of them or none',
    auth: 'user',
    object: 'none',
    headers: ['idempotency-key'],
    body: ReservationBody,
    responses: { 201: { description: 'Held.', schema: Reservation } },
    errors: cartErrors,
  },
  showReservation: {
    method: 'GET',
    path: '/v1/reservations/{reservation_id}',
    summary: 'A reservation of yours as it is now',
    auth: 'user',
    object: 'buyer',
    params: reservation,
    responses: { 200: { description: 'The reservation.', schema: ReservationState } },
    errors: ['reservation_not_found', 'reservation_expired', ...ownerErrors],
  },
  releaseReservation: {
    method: 'DELETE',
    path: '/v1/reservations/{reservation_id}',
    summary: 'Give seats back: all, or those that the body names',
    auth: 'user',
    object: 'buyer',
    params: reservation,
    headers: ['idempotency-key'],
    body: ReleaseBody,
    bodyOptional: true,
    responses: { 200: { description: 'What is left of it.', schema: ReservationState } },
    errors: ['unknown_seat', 'unknown_area', 'duplicate_seat', 'not_in_reservation', ...heldErrors],
  },
  extendReservation: {
    method: 'POST',
    path: '/v1/reservations/{reservation_id}/extend',
    summary: 'Keep a reservation longer, up to the limit of the event',
    auth: 'user',
    object: 'buyer',
    params: reservation,
    headers: ['idempotency-key'],
    body: ExtendBody,
    bodyOptional: true,
    responses: { 200: { description: 'With its new deadline.', schema: ReservationState } },
    errors: ['extension_limit', ...heldErrors],
  },
} satisfies Rows;
