import type { LiveMap } from '#libs/client/live-map.js';

/** The seats of the fight, as buyers see them: in the order of the plan, front rows first. */
export interface Hall {
  readonly seatIds: readonly string[];
  /** Per seat: 1 when the next seat stands beside it. */
  readonly next: readonly number[];
  /** Only seats below this index are fought for. */
  readonly contested: number;
}

/** Above 1: most buyers want the same front seats. */
const bias = 2.2;

/** Without looking: `count` seats side by side near the front, whether they are free or not. */
export function pickBlindly(hall: Hall, count: number): string[] {
  const start = biasedIndex(hall.contested);
  let first = start;
  while (first > 0 && start - first < count - 1 && hall.next[first - 1] === 1) first--;
  let end = first + 1;
  while (end < hall.contested && end - first < count && hall.next[end - 1] === 1) end++;
  return hall.seatIds.slice(first, end);
}

/** Free seats side by side as the live map shows them; fewer when no such block is left. */
export function pickFromMap(hall: Hall, map: LiveMap, count: number): string[] {
  for (let size = count; size >= 1; size--) {
    const starts: number[] = [];
    let run = 0;
    for (let seat = 0; seat < hall.contested; seat++) {
      const joins = seat > 0 && hall.next[seat - 1] === 1;
      const free = map.wordOf(seat) === 'free';
      run = free ? (joins ? run + 1 : 1) : 0;
      if (run >= size) starts.push(seat - size + 1);
    }
    if (starts.length === 0) continue;
    const start = starts[biasedIndex(starts.length)];
    return hall.seatIds.slice(start, start + size);
  }
  return [];
}

function biasedIndex(count: number): number {
  return Math.min(count - 1, Math.floor(count * Math.random() ** bias));
}
