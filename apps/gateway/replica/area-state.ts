import type { AreaFrame } from '#libs/contracts/live-frames.js';
import type { AreaCounts } from '#libs/contracts/wire.js';

/** An area with its counts, as clients see it. */
export function areaState(
  { name, capacity }: { readonly name: string; readonly capacity: number },
  counts: AreaCounts,
): AreaFrame {
  const { held, booked, blocked } = counts;
  return { area: name, capacity, free: capacity - held - booked - blocked, ...counts };
}
