import { assert } from '../assert.js';
import type { Decision } from './decision.js';
import type { Fact } from '../facts.js';
import type { TimeMs } from '../ids.js';
import { openedByItself, opensNow } from './decide-sale.js';
import { blockedAtFirst, toBlockAtFirst } from './not-for-sale.js';
import type { InventoryState } from '../state/state.js';
import { holdExpired } from './turn.js';

/** Holds that one Tick ends at most; nextWakeAt then says "at once" for the rest (G8). */
export const expiriesPerTickMax = 1_024;

/**
 * When time alone changes something next: a hold falls due or the sale opens. Null: never. 0: what
 * is not for sale is blocked at once, before anything else happens.
 */
export function nextWakeAt(state: InventoryState): TimeMs | null {
  if (toBlockAtFirst(state) !== null) return 0 as TimeMs;
  const { opensAtMs } = state.rules;
  const opens = state.saleStatus === 'scheduled' && opensAtMs !== null ? opensAtMs : Infinity;
  const wake = Math.min(opens, state.holds.expiry.firstDeadlineMs);
  return wake === Infinity ? null : (wake as TimeMs);
}

/** What time has caused up to now. Its facts have no cause, and it is never remembered. */
export function tick(state: InventoryState, nowMs: TimeMs): Decision {
  const facts: Fact[] = blockedAtFirst(state, nowMs);
  if (opensNow(state, nowMs)) facts.push(openedByItself(nowMs));
  const due = state.holds.expiry.due(nowMs, expiriesPerTickMax);
  assert(due.length <= expiriesPerTickMax, 'a tick is bounded');
  for (const slot of due) facts.push(holdExpired(nowMs, state.holds.idOf(slot)));
  return { kind: 'accepted', outcome: { type: 'done' }, facts };
}
