import type { MinorUnits, TimeMs } from './ids.js';

/**
 * The static part of an event, compiled from its seating plan. Seats are numbered row by row:
 * row r owns seats rowStart[r]..rowStart[r+1]-1 in the order in which they stand beside each other.
 * Never changes while the event exists; its hash is part of every snapshot.
 */
export interface InventoryLayout {
  /** sha256 hex of the compiled plan. */
  readonly hash: string;
  readonly seatCount: number;
  readonly rowCount: number;
  /** rowCount + 1 entries. */
  readonly rowStart: Uint32Array;
  /** Per seat: row index. */
  readonly rowOfSeat: Uint32Array;
  /** Per seat: 1 when seat i+1 is its neighbour (same row, no aisle between them). */
  readonly neighbourNext: Uint8Array;
  /** Per seat: index into `categories`. */
  readonly categoryOfSeat: Uint16Array;
  /** Per row: index into `sections`. */
  readonly sectionOfRow: Uint16Array;
  /** Per seat: the SEAT_FLAG_ bits below; those that are not named mean nothing. */
  readonly flagsOfSeat: Uint8Array;
  /** Per seat: absolute position in plan units. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Where the best view is, in plan units (the stage); best available prefers seats near it. */
  readonly focalX: number;
  readonly focalY: number;
  readonly categories: readonly string[];
  readonly sections: readonly string[];
  readonly areas: readonly AreaLayout[];
}

export interface AreaLayout {
  readonly name: string;
  readonly capacity: number;
  /** Index into `categories`. */
  readonly category: number;
}

export const SEAT_FLAG_WHEELCHAIR = 1;
export const SEAT_FLAG_COMPANION = 2;
export const SEAT_FLAG_RESTRICTED_VIEW = 4;
/** These three are for those who choose. */
export const SEAT_FLAG_HEARING_LOOP = 8;
export const SEAT_FLAG_SIGN_LANGUAGE = 16;
export const SEAT_FLAG_PLUS_SIZE = 32;
/** What best available can be asked for or kept from. Wheelchairs have a filter of their own. */
export const wishFlags =
  SEAT_FLAG_RESTRICTED_VIEW |
  SEAT_FLAG_HEARING_LOOP |
  SEAT_FLAG_SIGN_LANGUAGE |
  SEAT_FLAG_PLUS_SIZE;
/** All seats of a row that goes around: its last seat and its first are neighbours. */
export const SEAT_FLAG_ROUND = 128;

/** In place of a price: places of the category are on the map, and blocked. */
export const notForSale = -1 as MinorUnits;

export const isForSale = (price: MinorUnits): boolean => price >= 0;

/**
 * The event's sale configuration: read from the catalogue at activation, and from then on what the
 * last RulesChanged says. `decide` asks it; `evolve` only keeps it.
 */
export interface SaleRules {
  /** Price per category index, in minor units; 0 is free, `notForSale` is no price. */
  readonly prices: readonly MinorUnits[];
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** When the sale opens by itself; null = only by OpenSale. */
  readonly opensAtMs: TimeMs | null;
  /** From then on nobody gets a hold, and no payment begins; null = never ends. */
  readonly endsAtMs: TimeMs | null;
  /** Lifetime of a new hold. */
  readonly holdTtlMs: number;
  /** A hold is never extended past this long after it was made (payment included). */
  readonly holdTtlMsMax: number;
  /** How long a hold is kept for a payment attempt that has begun. */
  readonly paymentTtlMs: number;
  /** Seats and area places in one hold. */
  readonly placesPerHoldMax: number;
  /** Live held + booked places of one buyer in this event. */
  readonly placesPerBuyerMax: number;
  /** 'refuse': a hold may not leave a single free seat stranded, unless unavoidable. */
  readonly strandedSingles: 'refuse' | 'allow';
  /** 'verified': only identities of an issuer. Who that is, the edge knows. */
  readonly buyers: 'guest' | 'verified';
  readonly accessibleRelease: AccessibleRelease;
  /** Live wheelchair spaces of one buyer who says that they are needed. */
  readonly wheelchairsPerBuyerMax: number;
  /** Places that one address may hold; null: as is usual. The actor asks it, `decide` never. */
  readonly placesPerAddressMax: number | null;
}

/**
 * When wheelchair spaces and companion seats are for everybody: never; with the rest of their price
 * class sold; or from a point in time on (rules/protected-seats.ts).
 */
export type AccessibleRelease = 'never' | 'sold_out' | TimeMs;

/** Of an event that does not say. */
export const usualRules = {
  accessibleRelease: 'never',
  wheelchairsPerBuyerMax: 2,
  placesPerAddressMax: null,
} as const satisfies Partial<SaleRules>;

/** All that commands can change of a running event. */
export interface EventRules {
  readonly rules: SaleRules;
  /** By area. */
  readonly capacities: readonly number[];
}
