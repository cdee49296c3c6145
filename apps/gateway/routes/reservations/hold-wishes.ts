import type { ErrorExtras } from '#libs/contracts/errors.js';
import type { HoldSeats } from '#libs/inventory/commands.js';
import type { MinorUnits } from '#libs/inventory/ids.js';
import type { CallResult } from '#libs/routing/inventory-call.js';

import { noRoom } from '../../room/room-guard.js';

/** What few holds say beyond their places. */
export type Wishes = Pick<HoldSeats, 'expectedTotal' | 'wheelchairs' | 'partyMax'>;

export const noWishes: Wishes = {};

interface WishesBody {
  readonly expected_total?: number;
  readonly wheelchairs?: number;
}

/** `party`: that of his admission, or `noRoom`. */
export function wishesOf(body: WishesBody, party: number): Wishes {
  const { expected_total: total, wheelchairs } = body;
  if (total === undefined && wheelchairs === undefined && party === noRoom) return noWishes;
  return {
    ...(party === noRoom ? {} : { partyMax: party }),
    ...(total === undefined ? {} : { expectedTotal: total as MinorUnits }),
    ...(wheelchairs === undefined ? {} : { wheelchairs }),
  };
}

/** Of him who was admitted with less than the event lets one buyer have; null: it is not that. */
export function partyRefusal(result: CallResult, { partyMax }: Wishes): ErrorExtras | null {
  if (partyMax === undefined || result.kind !== 'answered') return null;
  if (result.answer.kind !== 'refused') return null;
  const { code, limit, left = 0 } = result.answer.refusal;
  return code === 'buyer_limit' && limit === partyMax ? { limit, left } : null;
}
