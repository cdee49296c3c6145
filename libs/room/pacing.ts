import type { Room, RoomCounts } from './room.js';

/**
 * How many more are called now: as many as fit under each of the bounds. Pure.
 *
 * PCG1  Admitted, and called and expected, are never more than `activeMax`. Those who were called
 *       count in full until it is known how many of them come: whoever never comes, such as a
 *       program without a memory, makes others wait for one claim window, and then counts less.
 * PCG2  No more people are called than would buy what can still be had side by side, by what the
 *       owner of the event said last: those who are in and may hold still come first, and of all of
 *       them as many buy as of the last who were in.
 * PCG3  Within a minute no more than `ratePerMinute`, or the part of it that the owner and payments
 *       can take now; what was not used for burstMs is forgotten, or for as long as one takes where
 *       that is longer.
 * PCG4  Nobody is called who is not there.
 * PCG5  While something can be had and nobody is there to take it, one is called: a line does not
 *       stand still before a single seat.
 */
export interface Advance {
  readonly serving: number;
  readonly pacedUntilMs: number;
}

/** What those who are in may still hold, and what may come back. */
export interface Demand {
  /** Places, of those who were looked at. */
  readonly seeking: number;
  /** People of those. Whoever was not looked at may hold all that he was admitted for. */
  readonly looked: number;
  /** Held places that are free again within a claim, if they are not bought. */
  readonly ending: number;
}

/** Of nobody anything is known but what is free. */
export const noDemand: Demand = { seeking: 0, looked: Infinity, ending: 0 };

/** The rate is made up for, after a keeper's death, as far back as this. */
export const burstMs = 2_000;
/** Fewer say nothing about how many come when called, or buy when they are in. */
export const sampleMin = 20;
/** However few come, calling for one place more than so many would overshoot when they do. */
const turnoutMin = 0.1;
/** However few buy: who is called for nothing has waited for nothing. */
const buyersMin = 0.2;
const peopleUnknown = 2;

export function advance(
  room: Room,
  counts: RoomCounts,
  nowMs: number,
  demand = noDemand,
): Advance | null {
  const { serving, nextIndex, activeMax, paused, soldOut } = room;
  const ratePerMinute = (room.ratePerMinute * room.pacePercent) / 100;
  if (paused || soldOut || room.head?.final !== true || ratePerMinute === 0) return null;
  const expected = Math.ceil(openCalls(room, counts) * turnoutOf(counts));
  // Or one could never be called where the rate is low.
  const backMs = Math.max(burstMs, Math.ceil(60_000 / ratePerMinute));
  const pacedFromMs = Math.max(room.pacedUntilMs ?? 0, nowMs - backMs);
  const byRate = Math.floor(((nowMs - pacedFromMs) * ratePerMinute) / 60_000);
  const byPlaces = callsForPlaces(room, counts, demand, expected);
  const bounds = [activeMax - counts.active - expected, byPlaces, byRate, nextIndex - serving];
  const more = Math.min(...bounds);
  if (more <= 0) return null;
  return {
    serving: serving + more,
    pacedUntilMs: pacedFromMs + Math.ceil((more * 60_000) / ratePerMinute),
  };
}

/** PCG2, PCG5 */
function callsForPlaces(
  room: Room,
  counts: RoomCounts,
  { seeking, looked, ending }: Demand,
  expected: number,
): number {
  if (room.placesFree === null) return Infinity;
  const people = counts.active === 0 ? peopleUnknown : counts.activePeople / counts.active;
  const buyers = buyersOf(counts);
  const places = usablePlaces(room, room.placesFree, people) + Math.floor(ending * (1 - buyers));
  const inside = seeking + Math.max(0, counts.activePeople - looked);
  const more = Math.floor((places / buyers - inside) / people) - expected;
  // Where nobody can say what those who are in may still hold, they may hold something.
  const isEmpty = looked === Infinity ? counts.active === 0 : inside === 0;
  const isIdle = places > 0 && isEmpty && expected === 0 && room.placesFree > 0;
  return isIdle ? Math.max(1, more) : more;
}

/** Of what is free: where a party of the usual size fits, or else the largest that does. */
function usablePlaces({ together }: Room, free: number, people: number): number {
  if (together === null) return free;
  let size = Math.min(together.length, Math.max(1, Math.round(people)));
  while (size > 1 && together[size - 1] === 0) size -= 1;
  return Math.min(free, size * (together[size - 1] ?? 0));
}

/** Of those who were called a while ago, how many came. */
function turnoutOf({ lapsedSample, claimedSample }: RoomCounts): number {
  if (lapsedSample < sampleMin) return 1;
  return Math.max(turnoutMin, claimedSample / lapsedSample);
}

/** Of the places that people were let in for, how many they bought. */
function buyersOf({ settledSample, settledPeople, boughtPlaces }: RoomCounts): number {
  if (settledSample < sampleMin) return 1;
  return Math.min(1, Math.max(buyersMin, boughtPlaces / settledPeople));
}

/** Called, still in time, and not here yet. */
const openCalls = (room: Room, { lapsedBelow, claimedSince }: RoomCounts): number =>
  Math.max(0, room.serving - lapsedBelow - claimedSince);
