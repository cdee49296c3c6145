import type { By } from './by.js';
import type { SaleRules } from './layout.js';
import type {
  AreaIndex,
  AttemptId,
  BookingId,
  CommandId,
  HoldId,
  MinorUnits,
  SeatIndex,
  TimeMs,
  UserId,
} from './ids.js';

/** A command with everything `decide` may not invent: time, identity, ids. */
export interface Envelope {
  readonly commandId: CommandId;
  /**
   * True when the caller supplied the command id and may send it again. Its refusal is then a
   * fact too, so that a new owner gives the same answer (G4). Ids made by a gateway are only
   * ever re-sent to learn an unknown outcome; their refusals are not recorded.
   */
  readonly keyed: boolean;
  readonly userId: UserId;
  /** Goes into the facts and nowhere else: no rule asks for it, no answer depends on it. */
  readonly by: By;
  /** Owner's clock, monotone within the event across owners. */
  readonly nowMs: TimeMs;
  /** At which what is decided will be written, or higher (fact-kinds.ts). Absent: the newest. */
  readonly factLevel?: number;
  readonly command: Command;
}

export type Command =
  | { readonly type: 'OpenSale' }
  | { readonly type: 'CloseSale' }
  | HoldSeats
  | { readonly type: 'ExtendHold'; readonly holdId: HoldId; readonly byMs?: number }
  | ReleaseHold
  | BeginPayment
  | { readonly type: 'FailPayment'; readonly holdId: HoldId; readonly attemptId: AttemptId }
  | BookHold
  | BookLate
  | CancelBooking
  | BlockSeats
  | UnblockSeats
  | ChangeRules
  | { readonly type: 'CancelEvent' }
  | { readonly type: 'Tick' };

export type CommandType = Command['type'];

/** One atomic cart: all of it is held or none. */
export interface HoldSeats {
  readonly type: 'HoldSeats';
  /** Chosen by the caller, unique. */
  readonly holdId: HoldId;
  /** Named seats. */
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  /** Blocks the engine chooses. */
  readonly best: readonly BestAvailable[];
  /** Of those who sit on the named seats, how many need a wheelchair space. */
  readonly wheelchairs?: number;
  /** What the buyer was shown; at another total he gets the new prices and no hold. */
  readonly expectedTotal?: MinorUnits;
  /**
   * What this buyer may have of the event in all: the party that he was admitted with, where
   * a waiting room stands before the holds. Counts where it is less than the event's own limit. Not
   * a part of the command's body: the same command may be sent again with another admission.
   */
  readonly partyMax?: number;
}

export interface AreaQuantity {
  readonly area: AreaIndex;
  /** At least 1. */
  readonly quantity: number;
}

/** Filters narrow the candidates; absent means any. */
export interface BestAvailable {
  /** At least 1. */
  readonly quantity: number;
  /** Index into layout.categories. */
  readonly category?: number;
  /** Index into layout.sections. */
  readonly section?: number;
  /** Of the party, how many need a wheelchair space. Others never get one. */
  readonly wheelchairs?: number;
  readonly priceMax?: MinorUnits;
  /** SEAT_FLAG_ bits of `wishFlags`: what each seat has, and what none has. */
  readonly having?: number;
  readonly avoiding?: number;
  /** Allow the party to be split over several blocks when no single block exists. */
  readonly maySplit?: boolean;
}

/** Without seats and areas the whole hold is released. Seats must belong to the hold. */
export interface ReleaseHold {
  readonly type: 'ReleaseHold';
  readonly holdId: HoldId;
  readonly seats?: readonly SeatIndex[];
  readonly areas?: readonly AreaQuantity[];
}

/** Keeps the hold until nowMs + rules.paymentTtlMs. One live attempt at a time. */
export interface BeginPayment {
  readonly type: 'BeginPayment';
  readonly holdId: HoldId;
  readonly attemptId: AttemptId;
}

export interface BookHold {
  readonly type: 'BookHold';
  readonly holdId: HoldId;
  readonly bookingId: BookingId;
  readonly attemptId: AttemptId;
}

/**
 * The money is there and the hold is gone: what becomes of it is decided here, in the journal's
 * order (rules/decide-late.ts). The places and their total are those that the hold had.
 */
export interface BookLate {
  readonly type: 'BookLate';
  readonly holdId: HoldId;
  readonly bookingId: BookingId;
  readonly attemptId: AttemptId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
  /** The buyer agreed beforehand to an equal block, should these seats be gone. */
  readonly alternative: boolean;
  /**
   * What newer attempts of the buyer would become, at most `newerBookingsMax`. Not a part of the
   * command's body: it may have grown when the same command is sent again.
   */
  readonly newer: readonly BookingId[];
}

/** Of `BookLate.newer`. */
export const newerBookingsMax = 32;

/** Without seats and areas the whole booking is cancelled. */
export interface CancelBooking {
  readonly type: 'CancelBooking';
  readonly bookingId: BookingId;
  readonly seats?: readonly SeatIndex[];
  readonly areas?: readonly AreaQuantity[];
  /** The places are blocked, and not for sale again. */
  readonly offSale?: true;
}

/** Takes free seats or area places off sale. Refused if any is held or booked. */
export interface BlockSeats {
  readonly type: 'BlockSeats';
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  /** At most 200 bytes. */
  readonly reason: string;
}

export interface UnblockSeats {
  readonly type: 'UnblockSeats';
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

/**
 * Changes what is said and leaves the rest; what is sold and held keeps its price. Refused where
 * an area would have fewer places than are taken of it.
 */
export interface ChangeRules {
  readonly type: 'ChangeRules';
  /** The currency stays: amounts of two currencies do not add up. */
  readonly rules: Partial<Omit<SaleRules, 'currency'>>;
  readonly capacities: readonly AreaCapacity[];
  /** What else was changed with it, in words; for history. */
  readonly texts: readonly TextChange[];
}

export interface AreaCapacity {
  readonly area: AreaIndex;
  /** At least 1. */
  readonly capacity: number;
}

/** What is only shown, such as the event's name; for those who ask later who changed it. */
export interface TextChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}
