import type { SeatIndex } from '../ids.js';
import { SEAT_FLAG_WHEELCHAIR } from '../layout.js';
import { contains, isFree, type Moment } from './moment.js';
import type { PoolRelease } from './pool-release.js';
import type { SeatFilter } from './seat-filter.js';
import { poolFlags } from '../state/seat-pool.js';

/** One block that is looked for, in lines (best-available.ts) and at round tables. */
export interface Search {
  readonly moment: Moment;
  readonly filter: SeatFilter;
  /** Seats the same cart has already, ascending. */
  readonly taken: readonly SeatIndex[];
  readonly quantity: number;
  readonly wheelchairs: number;
  /** Others of a party with a wheelchair may take a second space, when nothing else is left. */
  readonly maySpare: boolean;
  /** Seats of the protected pool that are for everybody: for who found nothing else. */
  readonly release: PoolRelease | null;
}

/** The best block so far; `tier` 0 is without fault. */
export interface Found {
  first: number;
  tier: number;
  distance: number;
}

const tierCompanion = 1;
export const tierStranding = 2;
/** For each wheelchair space that somebody takes who could sit elsewhere. */
const tierSpare = 4;
/** Companion seats that go with one wheelchair space. */
const companionsPerSpace = 3;

/** Null: these seats are not for this party. */
export function poolTier(search: Search, spaces: number, companions: number): number | null {
  const { wheelchairs, maySpare, release } = search;
  if (release !== null) return (companions > 0 ? tierCompanion : 0) + spaces * tierSpare;
  if (spaces < wheelchairs || (spaces > wheelchairs && !maySpare)) return null;
  if (companions > wheelchairs * companionsPerSpace) return null;
  return (spaces - wheelchairs) * tierSpare;
}

export function isBetter(found: Found, tier: number, distance: number, first: number): boolean {
  if (tier !== found.tier) return tier < found.tier;
  if (distance !== found.distance) return distance < found.distance;
  return first < found.first;
}

export function isCandidate(search: Search, seat: number): boolean {
  const { moment, taken, wheelchairs, release } = search;
  if (!isFree(moment, seat)) return false;
  const flags = moment.state.layout.flagsOfSeat[seat];
  if (release !== null) {
    if ((flags & poolFlags) !== 0 && !release.has(seat)) return false;
  } else if (wheelchairs === 0 && (flags & SEAT_FLAG_WHEELCHAIR) !== 0) return false;
  return taken.length === 0 || !contains(taken, seat);
}
