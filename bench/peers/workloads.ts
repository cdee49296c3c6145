import { benchSeats, seatIdOf, shuffledSeatIds } from '../bench-events.js';

/** What buyers want: ids of seats in the order in which they are asked for. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  seatIds(): string[];
}

const wantedByAll = benchSeats / 100;
const zipfRequests = benchSeats;
const house = 10_000;
const crowd = 100_000;

export const workloads: readonly Workload[] = [
  {
    name: 'spread',
    title: 'One hot event, all seats different',
    what: 'Nobody wants a seat that somebody else has: every refusal would be a fault.',
    seatIds: shuffledSeatIds,
  },
  {
    name: 'hot',
    title: 'Everyone wants the same 1 %',
    what: `${wantedByAll} seats of ${benchSeats}, by Zipf's law: nearly all are refused.`,
    seatIds: () => zipf(zipfRequests, wantedByAll),
  },
  {
    name: 'sell-out',
    title: '10,000 seats, 100,000 buyers',
    what: 'Each buyer asks once, for any seat of the house, until the last buyer has an answer.',
    seatIds: () => Array.from({ length: crowd }, () => seatIdOf(Math.floor(Math.random() * house))),
  },
];

/** `count` draws among `seats` by Zipf's law with exponent 1. */
export function zipf(count: number, seats: number): string[] {
  const upTo = new Float64Array(seats);
  let sum = 0;
  for (let rank = 0; rank < seats; rank++) upTo[rank] = sum += 1 / (rank + 1);
  return Array.from({ length: count }, () => seatIdOf(rankAt(upTo, Math.random() * sum)));
}

/** The first rank whose sum reaches `wanted`. */
function rankAt(upTo: Float64Array, wanted: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
