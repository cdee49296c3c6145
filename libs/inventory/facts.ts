import type { By } from './by.js';
import type { AreaQuantity, TextChange } from './commands.js';
import type {
  AttemptId,
  BookingId,
  CommandId,
  HoldId,
  MinorUnits,
  SeatIndex,
  TimeMs,
  UserId,
} from './ids.js';
import type { EventRules } from './layout.js';
import type { Prices } from './prices.js';
import type { Refusal } from './refusal-codes.js';

/**
 * What happened, past tense. Facts are the whole truth of an event: folding them gives the state,
 * with the window of command ids included. Every fact but those of a Tick names its command.
 */
export type Fact =
  | SaleOpened
  | SaleClosed
  | SeatsHeld
  | HoldExtended
  | HoldReleased
  | HoldExpired
  | PaymentBegun
  | PaymentFailed
  | SeatsBooked
  | SeatsBookedLate
  | BookingCancelled
  | SeatsBlocked
  | SeatsUnblocked
  | RulesChanged
  | EventCancelled
  | CommandRefused;

export type FactType = Fact['type'];

interface Caused {
  readonly atMs: TimeMs;
  /** For those who ask later; nothing that is folded depends on it. */
  readonly by: By;
  /** Absent on facts that time caused (expiry, opening on schedule). */
  readonly cause?: Cause;
}

export interface Cause {
  readonly commandId: CommandId;
  /** Digest of the command's body; the same id with another fingerprint is refused (G4). */
  readonly fingerprint: number;
}

export interface SaleOpened extends Caused {
  readonly type: 'SaleOpened';
}

export interface SaleClosed extends Caused {
  readonly type: 'SaleClosed';
}

export interface SeatsHeld extends Caused {
  readonly type: 'SeatsHeld';
  readonly holdId: HoldId;
  readonly userId: UserId;
  /** Ascending. */
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly deadlineMs: TimeMs;
  /** The price locked for the whole hold. */
  readonly totalMinor: MinorUnits;
  /** Of which it is the sum: what each place costs for as long as the hold has it. */
  readonly prices: Prices;
  /** How many the buyer said need a wheelchair space; absent: none. For those who ask later. */
  readonly wheelchairs?: number;
}

export interface HoldExtended extends Caused {
  readonly type: 'HoldExtended';
  readonly holdId: HoldId;
  readonly deadlineMs: TimeMs;
}

export interface HoldReleased extends Caused {
  readonly type: 'HoldReleased';
  readonly holdId: HoldId;
  /** What was released; the hold ends when nothing is left. */
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  /** Price of what is left. */
  readonly totalMinor: MinorUnits;
}

export interface HoldExpired extends Caused {
  readonly type: 'HoldExpired';
  readonly holdId: HoldId;
}

export interface PaymentBegun extends Caused {
  readonly type: 'PaymentBegun';
  readonly holdId: HoldId;
  readonly attemptId: AttemptId;
  readonly deadlineMs: TimeMs;
}

export interface PaymentFailed extends Caused {
  readonly type: 'PaymentFailed';
  readonly holdId: HoldId;
  readonly attemptId: AttemptId;
  readonly deadlineMs: TimeMs;
}

export interface SeatsBooked extends Caused {
  readonly type: 'SeatsBooked';
  readonly holdId: HoldId;
  readonly bookingId: BookingId;
  readonly attemptId: AttemptId;
  readonly userId: UserId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
}

/** Paid for when its hold was gone: places that were free are sold to who had held some. */
export interface SeatsBookedLate extends Caused {
  readonly type: 'SeatsBookedLate';
  readonly holdId: HoldId;
  readonly bookingId: BookingId;
  readonly attemptId: AttemptId;
  readonly userId: UserId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  /** What the hold cost, whatever the prices are by now. */
  readonly totalMinor: MinorUnits;
  /** The seats that he had held, where these are others; empty: they are the same. */
  readonly insteadOf: readonly SeatIndex[];
}

export interface BookingCancelled extends Caused {
  readonly type: 'BookingCancelled';
  readonly bookingId: BookingId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  /** The places are blocked from then on; absent: they are free. */
  readonly offSale?: true;
}

export interface SeatsBlocked extends Caused {
  readonly type: 'SeatsBlocked';
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly reason: string;
}

export interface SeatsUnblocked extends Caused {
  readonly type: 'SeatsUnblocked';
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

/** Whole rules, not differences: what the event goes by is in its journal from then on. */
export interface RulesChanged extends Caused {
  readonly type: 'RulesChanged';
  /** 1 for the event's first change, and one more with each. */
  readonly revision: number;
  readonly before: EventRules;
  readonly after: EventRules;
  readonly texts: readonly TextChange[];
}

/** For good: nothing is held, booked or opened after it. What is sold is given back one by one. */
export interface EventCancelled extends Caused {
  readonly type: 'EventCancelled';
}

/** The answer to a caller's own command id was "no" (Envelope.keyed). Changes no seat. */
export interface CommandRefused extends Caused {
  readonly type: 'CommandRefused';
  readonly cause: Cause;
  readonly refusal: Refusal;
}
