import type { Room, RoomCounts } from './room.js';

/**
 * How many more are called now: as many as fit under each of the bounds. Pure.
 *
 * PCG1  Admitted, and called and expected, are never more than `activeMax`. Those who were called
 *       count in full until it is known how many of them come: whoever never comes, such as a
 *       program without a memory, makes others wait for one claim window, and then counts less.
 * PCG2  No more people are called than places are free, by what the owner of the event said last.
 * PCG3  Within a minute no more than `ratePerMinute`; what was not used for burstMs is forgotten.
 * PCG4  Nobody is called who is not there.
 */
export interface Advance {
  readonly serving: number;
  readonly pacedUntilMs: number;
}

/** The rate is made up for, after a keeper's death, as far back as this. */
export const burstMs = 2_000;
/** Fewer say nothing about how many come when called. */
export const sampleMin = 20;
/** However few come, calling for one place more than so many would overshoot when they do. */
const turnoutMin = 0.1;
const peopleUnknown = 2;

export function advance(room: Room, counts: RoomCounts, nowMs: number): Advance | null {
  const { serving, nextIndex, activeMax, ratePerMinute, paused, soldOut, placesFree } = room;
  if (paused || soldOut || room.head?.final !== true || ratePerMinute === 0) return null;
  const expected = Math.ceil(openCalls(room, counts) * turnoutOf(counts));
  const people = counts.active === 0 ? peopleUnknown : counts.activePeople / counts.active;
  const byPlaces = placesFree === null ? Infinity : Math.floor(placesFree / people) - expected;
  const pacedFromMs = Math.max(room.pacedUntilMs ?? 0, nowMs - burstMs);
  const byRate = Math.floor(((nowMs - pacedFromMs) * ratePerMinute) / 60_000);
  const bounds = [activeMax - counts.active - expected, byPlaces, byRate, nextIndex - serving];
  const more = Math.min(...bounds);
  if (more <= 0) return null;
  return {
    serving: serving + more,
    pacedUntilMs: pacedFromMs + Math.ceil((more * 60_000) / ratePerMinute),
  };
}

/** Of those who were called a while ago, how many came. */
function turnoutOf({ lapsedSample, claimedSample }: RoomCounts): number {
  if (lapsedSample < sampleMin) return 1;
  return Math.max(turnoutMin, claimedSample / lapsedSample);
}

/** Called, still in time, and not here yet. */
const openCalls = (room: Room, { lapsedBelow, claimedSince }: RoomCounts): number =>
  Math.max(0, room.serving - lapsedBelow - claimedSince);
