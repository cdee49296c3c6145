import type { SeatIndex } from '../ids.js';
import {
  SEAT_FLAG_COMPANION,
  SEAT_FLAG_ROUND,
  SEAT_FLAG_WHEELCHAIR,
  type InventoryLayout,
} from '../layout.js';
import { isBetter, isCandidate, poolTier, type Found, type Search } from './block-search.js';
import { squaredDistance } from './seat-filter.js';

/**
 * Parties at round tables: a row whose last seat and first are neighbours, so a party may sit
 * across that joint. Tables are small; every place of a party is looked at anew.
 */
export function isRoundRow(layout: InventoryLayout, row: number): boolean {
  return (layout.flagsOfSeat[layout.rowStart[row]] & SEAT_FLAG_ROUND) !== 0;
}

/** The best place for the party at this table goes into `found`, when it is better. */
export function searchRound(search: Search, row: number, found: Found): void {
  const { layout } = search.moment.state;
  const end = layout.rowStart[row + 1];
  if (search.quantity > end - layout.rowStart[row]) return;
  for (let first = layout.rowStart[row]; first < end; first++) {
    const seats = around(layout, first, search.quantity);
    if (!seats.every((seat) => isCandidate(search, seat) && search.filter.allowsSeat(seat))) {
      continue;
    }
    const having = (flag: number): number =>
      seats.filter((seat) => (layout.flagsOfSeat[seat] & flag) !== 0).length;
    const tier = poolTier(search, having(SEAT_FLAG_WHEELCHAIR), having(SEAT_FLAG_COMPANION));
    if (tier === null) continue;
    const distance = seats.reduce((sum, seat) => sum + squaredDistance(layout, seat), 0);
    if (!isBetter(found, tier, distance, first)) continue;
    found.tier = tier;
    found.distance = distance;
    found.first = first;
  }
}

/** Ascending. */
export function roundBlock(
  layout: InventoryLayout,
  first: number,
  quantity: number,
): readonly SeatIndex[] {
  return around(layout, first, quantity).sort((a, b) => a - b);
}

function around(layout: InventoryLayout, first: number, quantity: number): SeatIndex[] {
  const row = layout.rowOfSeat[first];
  const start = layout.rowStart[row];
  const seats = layout.rowStart[row + 1] - start;
  return Array.from(
    { length: quantity },
    (_, i) => (start + ((first - start + i) % seats)) as SeatIndex,
  );
}
