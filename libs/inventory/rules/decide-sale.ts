import { bySystem } from '../by.js';
import type { Fact } from '../facts.js';
import type { Refusal } from '../refusal-codes.js';
import type { InventoryState } from '../state/state.js';
import type { Moment } from './moment.js';
import type { Turn, Verdict } from './turn.js';
import type { TimeMs } from '../ids.js';

/** Opening an open sale, or closing a closed one, is accepted and changes nothing. */
export function openSale(turn: Turn): Verdict {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  return { type: 'SaleOpened', atMs: turn.nowMs, by: turn.by, cause: turn.cause };
}

export function closeSale(turn: Turn): Verdict {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  return { type: 'SaleClosed', atMs: turn.nowMs, by: turn.by, cause: turn.cause };
}

/** Once and for good. Holds run out, what is being paid for is not booked. */
export function cancelEvent(turn: Turn): Verdict {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  return { type: 'EventCancelled', atMs: turn.nowMs, by: turn.by, cause: turn.cause };
}

export const isCancelled = ({ state }: Moment): boolean => state.saleStatus === 'cancelled';

/**
 * Only new holds need an open sale: a buyer who has seats when the sale closes may still extend,
 * pay or give them back. A sale whose time has come is opened by the first hold after it.
 */
export function saleRefusal(turn: Turn): Refusal | null {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  if (hasEnded(turn)) return { code: 'sale_ended' };
  if (turn.state.saleStatus === 'open') return null;
  if (turn.state.saleStatus === 'closed') return { code: 'sale_closed' };
  if (!opensNow(turn.state, turn.nowMs)) return { code: 'sale_not_open' };
  turn.facts.push(openedByItself(turn.nowMs));
  return null;
}

/** The show is over: by the command's own time, so that the order is the journal's. */
export function hasEnded({ state, nowMs }: Moment): boolean {
  const { endsAtMs } = state.rules;
  return endsAtMs !== null && endsAtMs <= nowMs;
}

/** Never out of 'closed': a sale that an organiser closed opens by command only. */
export function opensNow(state: InventoryState, nowMs: TimeMs): boolean {
  const { opensAtMs } = state.rules;
  return state.saleStatus === 'scheduled' && opensAtMs !== null && opensAtMs <= nowMs;
}

export function openedByItself(atMs: TimeMs): Fact {
  return { type: 'SaleOpened', atMs, by: bySystem };
}
