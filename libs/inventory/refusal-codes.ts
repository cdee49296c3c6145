import type { AreaQuantity } from './commands.js';
import type { AreaIndex, MinorUnits, SeatIndex } from './ids.js';
import type { KnownPrices } from './prices.js';

/**
 * Named "no"s of the core, in the order in which `decide` checks them. The order is a contract:
 * two owners always give the same first refusal. What people read of each, and its HTTP status, is
 * in the error table, libs/contracts/errors.ts.
 */
export const refusalCodes = [
  // shape
  'invalid_command',
  'too_many_places',
  'duplicate_seat',
  'not_finalized',
  // command id
  'command_id_reused',
  // sale status
  'event_cancelled',
  'sale_ended',
  'sale_not_open',
  'sale_closed',
  // existence
  'unknown_seat',
  'unknown_area',
  'hold_not_found',
  'hold_expired',
  'booking_not_found',
  'hold_id_taken',
  'not_in_hold',
  'not_in_booking',
  // payment state of a hold
  'payment_in_progress',
  'no_payment_in_progress',
  'payment_attempt_mismatch',
  'superseded',
  // free
  'seats_unavailable',
  'area_full',
  'accessible_seats_protected',
  'no_block_available',
  'seats_not_blocked',
  // scarcity rules
  'stranded_single',
  // limits
  'buyer_limit',
  'accessible_limit',
  'extension_limit',
  // price
  'price_changed',
  // said by the owner, behind all that is decided here; never a fact (libs/actor/address-counts.ts)
  'address_limit',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

export interface Refusal {
  readonly code: RefusalCode;
  /** In conflict, kept for others, unknown, or those that would be left stranded. */
  readonly seats?: readonly SeatIndex[];
  /** Areas without room, ascending; or unknown, as asked. */
  readonly areas?: readonly AreaIndex[];
  /** A block of the same size that could be held now: the nearest legal one. */
  readonly alternative?: readonly SeatIndex[];
  /** The limit that was hit, and how much of it is left. */
  readonly limit?: number;
  readonly left?: number;
  /** Path of the offending field for `invalid_command`, e.g. `best[0].quantity`. */
  readonly field?: string;
  /** What the cart would cost now, with `price_changed`. */
  readonly quote?: Quote;
}

/** A cart and its prices, place by place. */
export interface Quote {
  /** Ascending, those that the engine chose with them. */
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly prices: KnownPrices;
  readonly totalMinor: MinorUnits;
}
