import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { MinorUnits } from '../ids.js';
import { sumOf, type PriceRun, type Prices } from '../prices.js';

/**
 * What places cost, in place of their total: how many prices there are, then each with the number
 * of its places, but for the last, which has the rest. No prices: the total, and nothing else is
 * known. So nearly every hold costs one byte more than its total alone.
 */
export function writePrices(to: ByteWriter, prices: Prices, totalMinor: MinorUnits): void {
  if (prices === null) {
    to.uint(0);
    return to.uint(totalMinor);
  }
  if (typeof prices === 'number') {
    to.uint(1);
    return to.uint(prices);
  }
  to.uint(prices.length);
  prices.forEach(({ count, priceMinor }, i) => {
    if (i < prices.length - 1) to.uint(count);
    to.uint(priceMinor);
  });
}

export interface PricedTotal {
  readonly totalMinor: MinorUnits;
  readonly prices: Prices;
}

export function readPrices(from: ByteReader, places: number): PricedTotal {
  const size = from.size(1);
  if (size === 0) return { totalMinor: from.uint() as MinorUnits, prices: null };
  const prices = size === 1 ? (from.uint() as MinorUnits) : readRuns(from, size, places);
  const totalMinor = sumOf(prices, places);
  if (!Number.isSafeInteger(totalMinor)) from.fail('number too large');
  return { totalMinor, prices };
}

function readRuns(from: ByteReader, size: number, places: number): PriceRun[] {
  const runs: PriceRun[] = [];
  let left = places;
  for (let i = 0; i < size; i++) {
    const count = i === size - 1 ? left : from.uint();
    left -= count;
    const priceMinor = from.uint() as MinorUnits;
    const goesOn = runs.at(-1)?.priceMinor === priceMinor;
    if (count < 1 || left < 0 || goesOn) from.fail('not prices');
    runs.push({ count, priceMinor });
  }
  return runs;
}
