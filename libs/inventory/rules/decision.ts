import type { AreaQuantity } from '../commands.js';
import type { Fact } from '../facts.js';
import type { AttemptId, BookingId, HoldId, MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import type { EventRules } from '../layout.js';
import type { Refusal } from '../refusal-codes.js';

/**
 * What `decide` returns. Facts come in the order in which they must be folded; a refusal can carry
 * facts too (overdue holds that were found expired, and CommandRefused for a keyed command).
 */
export type Decision =
  | { readonly kind: 'accepted'; readonly outcome: Outcome; readonly facts: readonly Fact[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly facts: readonly Fact[] }
  /** The command id was answered before: the first answer again, word for word. */
  | { readonly kind: 'replayed'; readonly answer: Answer };

export type Answer =
  | { readonly kind: 'accepted'; readonly outcome: Outcome }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What an accepted command gives back to its caller. */
export type Outcome =
  | { readonly type: 'done' }
  | HoldOutcome
  | BookingOutcome
  | CancelOutcome
  | RulesOutcome;

/** After HoldSeats, ExtendHold, ReleaseHold, BeginPayment, FailPayment: the hold as it now is. */
export interface HoldOutcome {
  readonly type: 'hold';
  readonly holdId: HoldId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
  readonly deadlineMs: TimeMs;
  readonly attemptId?: AttemptId;
}

export interface BookingOutcome {
  readonly type: 'booking';
  readonly bookingId: BookingId;
  readonly holdId: HoldId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
}

export interface CancelOutcome {
  readonly type: 'cancelled';
  readonly bookingId: BookingId;
  /** Seats of the booking that are left. */
  readonly seats: readonly SeatIndex[];
}

export interface RulesOutcome {
  readonly type: 'rules_changed';
  /** As the fact has it. */
  readonly revision: number;
  readonly before: EventRules;
  readonly after: EventRules;
}
