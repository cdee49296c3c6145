import type { ErrorCode } from '#libs/contracts/errors.js';

/** What several routes can answer in common. */
export const owner: readonly ErrorCode[] = ['overloaded', 'unavailable', 'outcome_unknown'];
export const cart: readonly ErrorCode[] = [
  'event_not_found',
  'unknown_seat',
  'unknown_area',
  'unknown_category',
  'unknown_section',
  'duplicate_seat',
  'too_many_places',
  'idempotency_key_reused',
  'sale_not_open',
  'sale_closed',
  'seats_unavailable',
  'area_full',
  'no_block_available',
  'stranded_single',
  'buyer_limit',
  ...owner,
];
export const held: readonly ErrorCode[] = [
  'reservation_not_found',
  'reservation_expired',
  'idempotency_key_reused',
  'payment_in_progress',
  ...owner,
];
export const paying: readonly ErrorCode[] = [
  'reservation_not_found',
  'reservation_expired',
  'payment_declined',
  'payment_in_progress',
  'idempotency_key_reused',
  'unavailable',
  'outcome_unknown',
];
