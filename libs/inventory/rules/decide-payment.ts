import type { BeginPayment, BookHold, Command } from '../commands.js';
import type { AttemptId, TimeMs } from '../ids.js';
import type { Refusal } from '../refusal-codes.js';
import { hasEnded, isCancelled } from './decide-sale.js';
import { ownHold, type Turn, type Verdict } from './turn.js';

/** A buyer whose payment failed has at least this long to try again, if the payment had. */
export const retryGraceMs = 60_000;

/**
 * The hold now lasts until the payment's own deadline, never less than it had, and never longer
 * than holdTtlMsMax after it was made: a buyer cannot keep seats by paying again and again. The
 * attempt that runs already gets its own answer again, also when the window has forgotten its
 * command: a saga that goes on after a long outage must find its own payment (G4).
 */
export function beginPayment(turn: Turn, command: BeginPayment): Verdict {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  const slot = ownHold(turn, command.holdId);
  if (typeof slot !== 'number') return slot;
  const { holds, rules } = turn.state;
  const running = holds.attemptOf(slot);
  const again = running?.attemptId === command.attemptId;
  if (running !== null && !again) return { code: 'payment_in_progress' };
  // One that began before the end may finish.
  if (!again && hasEnded(turn)) return { code: 'sale_ended' };
  const latestMs = holds.madeAtMs(slot) + rules.holdTtlMsMax;
  const paymentMs = again ? 0 : Math.min(turn.nowMs + rules.paymentTtlMs, latestMs);
  return {
    type: 'PaymentBegun',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    attemptId: command.attemptId,
    deadlineMs: Math.max(holds.deadlineMs(slot), paymentMs) as TimeMs,
  };
}

/**
 * The hold goes back to the deadline it had before the payment, or to a short grace from now where
 * that is later; but never beyond the payment's deadline, so that failing gains nobody time.
 */
export function failPayment(turn: Turn, command: Command & { type: 'FailPayment' }): Verdict {
  const slot = ownHold(turn, command.holdId);
  if (typeof slot !== 'number') return slot;
  const refusal = attemptRefusal(turn, slot, command.attemptId);
  if (refusal !== null) return refusal;
  const { holds } = turn.state;
  const beforeMs = holds.attemptOf(slot)?.deadlineBeforeMs ?? 0;
  const graceMs = Math.min(turn.nowMs + retryGraceMs, holds.deadlineMs(slot));
  return {
    type: 'PaymentFailed',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    attemptId: command.attemptId,
    deadlineMs: Math.max(beforeMs, graceMs) as TimeMs,
  };
}

/** Only the attempt that is live, and only before the deadline, turns a hold into a booking. */
export function bookHold(turn: Turn, command: Omit<BookHold, 'type'>): Verdict {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  const slot = ownHold(turn, command.holdId);
  if (typeof slot !== 'number') return slot;
  const { holds, bookings } = turn.state;
  if (bookings.has(command.bookingId)) return { code: 'invalid_command', field: 'bookingId' };
  const refusal = attemptRefusal(turn, slot, command.attemptId);
  if (refusal !== null) return refusal;
  return {
    type: 'SeatsBooked',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    bookingId: command.bookingId,
    attemptId: command.attemptId,
    userId: turn.userId,
    seats: holds.seatsOf(slot),
    areas: holds.areasOf(slot),
    totalMinor: holds.totalMinor(slot),
  };
}

function attemptRefusal(turn: Turn, slot: number, attemptId: AttemptId): Refusal | null {
  const attempt = turn.state.holds.attemptOf(slot);
  if (attempt === null) return { code: 'no_payment_in_progress' };
  return attempt.attemptId === attemptId ? null : { code: 'payment_attempt_mismatch' };
}
