import type { MinorUnits } from './ids.js';

/**
 * What each of some places costs: one price for all, or runs over the places in their order, seats
 * first and then areas. Null: it was not written down, as below fact level 3.
 */
export type Prices = MinorUnits | readonly PriceRun[] | null;

export interface PriceRun {
  /** Places, at least 1. */
  readonly count: number;
  readonly priceMinor: MinorUnits;
}

export type KnownPrices = Exclude<Prices, null>;

export function sumOf(prices: KnownPrices, places: number): MinorUnits {
  if (typeof prices === 'number') return (prices * places) as MinorUnits;
  return prices.reduce((sum, run) => sum + run.count * run.priceMinor, 0) as MinorUnits;
}
