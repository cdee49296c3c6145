import { outcomeOf, type MainFact } from '../answer.js';
import { assert } from '../assert.js';
import type { Envelope } from '../commands.js';
import { factLevelNewest, levelWithRules } from '../codec/fact-kinds.js';
import { isOldRefusal } from '../codec/refusal-codec.js';
import type { Decision } from './decision.js';
import { blockSeats, unblockSeats } from './decide-block.js';
import { extendHold, holdSeats } from './decide-hold.js';
import { bookLate } from './decide-late.js';
import { changeRules, levelRefusal } from './decide-rules.js';
import { beginPayment, bookHold, failPayment } from './decide-payment.js';
import { cancelBooking, releaseHold } from './decide-release.js';
import { cancelEvent, closeSale, openSale } from './decide-sale.js';
import { tick } from './expiry.js';
import { fingerprintOf } from './fingerprint.js';
import { foresight } from './foresight.js';
import type { TimeMs } from '../ids.js';
import type { Refusal } from '../refusal-codes.js';
import { cartRefusal, malformedField } from './shape.js';
import type { InventoryState } from '../state/state.js';
import { isRefusal, turnedAway, type Turn, type Verdict } from './turn.js';

/**
 * `decide(state, envelope)`: what a command causes. Reads the state, changes nothing, knows no
 * clock: time and ids are in the envelope, and time never goes back behind the last fact. Seat
 * lists of the command may become part of facts and state: the caller must not change them.
 *
 * The order of the checks is a contract. The first row that says no gives the refusal.
 *
 * | # | check        | refusals                                                              |
 * |---|--------------|-----------------------------------------------------------------------|
 * | 1 | shape        | invalid_command; then too_many_places, duplicate_seat, not_finalized  |
 * |   |              | unless row 2 replays: rules may change, a given answer may not (G4)   |
 * | 2 | command id   | same id and body: the first answer; other body: command_id_reused     |
 * | 3 | sale status  | HoldSeats and BookLate: sale_ended, sale_not_open, sale_closed; and   |
 * |   |              | of all that holds, books or opens: event_cancelled                    |
 * | 4 | existence    | unknown_seat, unknown_area, hold_not_found, hold_expired,             |
 * |   |              | booking_not_found, hold_id_taken, not_in_hold, not_in_booking;        |
 * |   |              | a booking id in use: invalid_command, field bookingId                 |
 * | 5 | payment      | payment_in_progress, no_payment_in_progress, payment_attempt_mismatch |
 * |   |              | and, before one begins, sale_ended; BookLate only: superseded         |
 * | 6 | free         | seats_unavailable, area_full, accessible_seats_protected,             |
 * |   |              | no_block_available, seats_not_blocked                                 |
 * | 7 | scarcity     | stranded_single (named seats)                                         |
 * | 8 | limits       | buyer_limit, accessible_limit, extension_limit                        |
 * | 9 | price        | price_changed                                                         |
 *
 * Refusals of rows 1 and 2 are not remembered: the command was turned away at the door and its id
 * is unused. Later ones are a CommandRefused fact when the caller may send the command again and
 * facts of the level that is written can say them. What facts do not remember the caller of
 * `decide` may, where one command can reach it twice (libs/actor/spoken-refusals.ts).
 * An accepted command has one main fact, the last, which alone names the command; facts before it
 * are what time had caused and nobody had written yet.
 */
export function decide(state: InventoryState, envelope: Envelope): Decision {
  assert(Number.isSafeInteger(envelope.nowMs), 'time is in whole milliseconds');
  const { command } = envelope;
  const nowMs = Math.max(envelope.nowMs, state.lastTimeMs) as TimeMs;
  if (command.type === 'Tick') return tick(state, nowMs);

  if (command.type === 'HoldSeats') {
    foresight.meet(state, envelope.commandId, envelope.userId, command);
  }
  const field = malformedField(state.layout, envelope);
  if (field !== null) return turnedAway({ code: 'invalid_command', field });
  const known = state.window.find(envelope.commandId);
  const fingerprint = fingerprintOf(envelope);
  if (known !== 0 && state.window.fingerprintAt(known) === fingerprint) {
    return { kind: 'replayed', answer: state.window.answerAt(known) };
  }
  const factLevel = envelope.factLevel ?? factLevelNewest;
  const unfit = cartRefusal(state.rules, command) ?? levelRefusal(command, factLevel);
  if (unfit !== null) return turnedAway(unfit);
  if (known !== 0) return turnedAway({ code: 'command_id_reused' });

  const turn: Turn = {
    state,
    nowMs,
    anyOverdue: state.holds.expiry.firstDeadlineMs <= nowMs,
    userId: envelope.userId,
    by: envelope.by,
    cause: { commandId: envelope.commandId, fingerprint },
    facts: [],
    factLevel,
  };
  const verdict = judge(turn, envelope);
  return isRefusal(verdict) ? refused(turn, verdict, envelope.keyed) : accepted(turn, verdict);
}

function judge(turn: Turn, { command }: Envelope): Verdict {
  switch (command.type) {
    case 'HoldSeats':
      return holdSeats(turn, command);
    case 'ExtendHold':
      return extendHold(turn, command);
    case 'ReleaseHold':
      return releaseHold(turn, command);
    case 'BeginPayment':
      return beginPayment(turn, command);
    case 'FailPayment':
      return failPayment(turn, command);
    case 'BookHold':
      return bookHold(turn, command);
    case 'BookLate':
      return bookLate(turn, command);
    case 'CancelBooking':
      return cancelBooking(turn, command);
    case 'BlockSeats':
      return blockSeats(turn, command);
    case 'UnblockSeats':
      return unblockSeats(turn, command);
    case 'ChangeRules':
      return changeRules(turn, command);
    case 'CancelEvent':
      return cancelEvent(turn);
    case 'OpenSale':
      return openSale(turn);
    case 'CloseSale':
      return closeSale(turn);
    case 'Tick':
      throw new TypeError('a Tick is decided before the command id is looked at');
  }
}

function accepted(turn: Turn, fact: MainFact): Decision {
  const outcome = outcomeOf(turn.state, fact);
  // Pushing the first element reserves room for 17; this and HoldTable.add without an object of its
  // own took 8 % off a hold.
  const facts = turn.facts.length === 0 ? [fact] : [...turn.facts, fact];
  return { kind: 'accepted', outcome, facts };
}

function refused(turn: Turn, refusal: Refusal, keyed: boolean): Decision {
  const { facts, nowMs, by, cause, factLevel } = turn;
  const sayable = factLevel >= levelWithRules || isOldRefusal(refusal);
  if (keyed && sayable) facts.push({ type: 'CommandRefused', atMs: nowMs, by, cause, refusal });
  return { kind: 'refused', refusal, facts };
}
