import { seatFlags, type SeatPlan } from './seat-plan.js';

/**
 * What a buyer wishes of his seats besides how many there are: the map, the list and offers leave
 * out the rest, and best available is asked for the same.
 *
 * WS1  What a plan does not tell apart is not asked: what all seats fulfil, or none, is no wish.
 */
export const wishNames = ['restricted_view', 'hearing_loop', 'sign_language', 'plus_size'] as const;

export type WishName = (typeof wishNames)[number];

export interface Wishes {
  /** Index of the category; null: any. */
  readonly category: number | null;
  /** Minor units; null: any. */
  readonly priceMax: number | null;
  /** What each seat has; `restricted_view`: what none has. */
  readonly flags: readonly WishName[];
}

export const noWishes: Wishes = { category: null, priceMax: null, flags: [] };

export const hasWishes = ({ category, priceMax, flags }: Wishes): boolean =>
  category !== null || priceMax !== null || flags.length > 0;

/** `prices`: minor units by category; null: not for sale. */
export function isAsWished(
  plan: SeatPlan,
  prices: readonly (number | null)[],
  { category, priceMax, flags }: Wishes,
  seat: number,
): boolean {
  const own = plan.category[seat];
  if (category !== null && category !== own) return false;
  const price = prices[own] ?? null;
  if (priceMax !== null && (price === null || price > priceMax)) return false;
  return flags.every((name) => {
    const has = (plan.flags[seat] & seatFlags[name]) !== 0;
    return has === (name !== 'restricted_view');
  });
}

/** Those that some seats of the plan fulfil and some do not (WS1). */
export const wishesIn = ({ flags, seatCount }: SeatPlan): WishName[] =>
  wishNames.filter((name) => {
    const having = flags.reduce((sum, of) => sum + ((of & seatFlags[name]) === 0 ? 0 : 1), 0);
    return having > 0 && having < seatCount;
  });
