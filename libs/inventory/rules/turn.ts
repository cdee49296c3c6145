import type { MainFact } from '../answer.js';
import { bySystem, type By } from '../by.js';
import type { Decision } from './decision.js';
import type { Cause, Fact } from '../facts.js';
import type { HoldId, SeatIndex, TimeMs, UserId } from '../ids.js';
import { isOverdue, type Moment } from './moment.js';
import type { Refusal } from '../refusal-codes.js';
import { SeatStatus } from '../state/state.js';

/** One command being decided. `facts` collects what time has caused before the command itself. */
export interface Turn extends Moment {
  readonly userId: UserId;
  readonly by: By;
  readonly cause: Cause;
  readonly facts: Fact[];
  /** At which they will be written, or higher. */
  readonly factLevel: number;
}

/** What a command family decides: its one main fact, or why not. */
export type Verdict = MainFact | Refusal;

export const isRefusal = (verdict: Verdict): verdict is Refusal => 'code' in verdict;

/** A decision without facts: the command was not executed and is not remembered. */
export const turnedAway = (refusal: Refusal): Decision => ({ kind: 'refused', refusal, facts: [] });

/** Appends HoldExpired for these holds, in the order in which they fell due. */
export function expire(turn: Turn, slots: Iterable<number>): void {
  const { holds } = turn.state;
  const { expiry } = holds;
  const inOrder = [...new Set(slots)].sort(
    (a, b) => expiry.deadlineOf(a) - expiry.deadlineOf(b) || expiry.orderOf(a) - expiry.orderOf(b),
  );
  for (const slot of inOrder) turn.facts.push(holdExpired(turn.nowMs, holds.idOf(slot)));
}

export function holdExpired(atMs: TimeMs, holdId: HoldId): Fact {
  return { type: 'HoldExpired', atMs, by: bySystem, holdId };
}

/** Overdue holds that still have one of these seats. */
export function overdueHoldsOf(turn: Turn, seats: readonly SeatIndex[]): number[] {
  if (!turn.anyOverdue) return [];
  const { statusOfSeat, holdOfSeat } = turn.state;
  const held = seats.filter((seat) => statusOfSeat[seat] === SeatStatus.held);
  return held.map((seat) => holdOfSeat[seat]);
}

/**
 * The slot of a hold that is live and the caller's own. Another buyer's hold does not exist for
 * him. A hold found past its deadline ends here: expiry came first, by journal order (G3).
 */
export function ownHold(turn: Turn, holdId: HoldId): number | Refusal {
  const { holds, endedHolds, placesOfBuyer } = turn.state;
  const slot = holds.find(holdId);
  if (slot === 0) {
    const ended = endedHolds.get(holdId);
    const expired = ended?.end === 'expired' && ended.userId === turn.userId;
    return { code: expired ? 'hold_expired' : 'hold_not_found' };
  }
  if (holds.buyerOf(slot) !== placesOfBuyer.find(turn.userId)) return { code: 'hold_not_found' };
  if (!isOverdue(turn, slot)) return slot;
  expire(turn, [slot]);
  return { code: 'hold_expired' };
}
