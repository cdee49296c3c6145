import type { AreaFrame } from '#libs/contracts/live-frames.js';
import type { AreaCounts } from '#libs/contracts/wire.js';
import type { AreaLayout } from '#libs/inventory/layout.js';

/** An area with its counts, as clients see it. */
export function areaState({ name, capacity }: AreaLayout, counts: AreaCounts): AreaFrame {
  const { held, booked, blocked } = counts;
  return { area: name, capacity, free: capacity - held - booked - blocked, ...counts };
}
