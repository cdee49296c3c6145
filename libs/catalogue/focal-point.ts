import { pointFaced, type FacingRow } from './row-facing.js';
import { distance, gapsOf, medianOf, rounded, type Point } from './row-geometry.js';
import { stageRank } from './stage-words.js';

/**
 * Where everybody looks, and how that is known. In order:
 *
 * FP1  What the event's file says, then what the plan says.
 * FP2  What the plan draws and names: of several the surest name, then the largest drawing.
 * FP3  The point that the rows face, by their labels and curves.
 * FP4  The middle of seats that stand all around it, else the middle of the upper edge.
 */
export interface FocalPoint extends Point {
  readonly from: FocalSource;
  /** Of `drawing`: the text that names it. */
  readonly name?: string;
}

export type FocalSource = 'event' | 'plan' | 'drawing' | 'rows' | 'middle' | 'edge';

/** A drawn shape with a text. */
export interface NamedPlace extends Point {
  readonly name: string;
  /** In square plan units, 0 for a text alone. */
  readonly size: number;
}

const directions = 8;
/** The middle is empty when no seat is nearer to it than this part of the shorter side ... */
const emptyRadius = 0.1;
/** ... and than so many seats in a row: two rows do not surround the gap between them. */
const emptySeats = 3;

export function focalPointOf(
  said: { readonly event?: Point | undefined; readonly plan?: Point | undefined },
  drawn: readonly NamedPlace[],
  rows: readonly FacingRow[],
): FocalPoint {
  if (said.event !== undefined) return { ...said.event, from: 'event' };
  if (said.plan !== undefined) return { ...said.plan, from: 'plan' };
  const stage = drawnStage(drawn);
  if (stage !== null)
    return { x: rounded(stage.x), y: rounded(stage.y), from: 'drawing', name: stage.name };
  const faced = pointFaced(rows);
  if (faced !== null) return { x: rounded(faced.x), y: rounded(faced.y), from: 'rows' };
  const seats = rows.flatMap((row) => row.seats);
  if (seats.length === 0) return { x: 0, y: 0, from: 'middle' };
  const box = boundsOf(seats);
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const spacing = medianOf(rows.flatMap((row) => gapsOf(row.seats))) ?? 0;
  const side = Math.min(box.right - box.left, box.bottom - box.top);
  const clear = Math.max(emptyRadius * side, emptySeats * spacing);
  if (isSurrounded(seats, middle, clear)) return { ...middle, from: 'middle' };
  return { x: middle.x, y: box.top, from: 'edge' };
}

/** For a person who has to decide whether it is right. */
export function focalReason(focal: FocalPoint): string {
  switch (focal.from) {
    case 'event':
      return 'as the event says';
    case 'plan':
      return 'as the plan says';
    case 'drawing':
      return `the plan draws ${JSON.stringify(focal.name ?? '')} there`;
    case 'rows':
      return 'the rows face it';
    case 'middle':
      return 'the seats stand around it';
    case 'edge':
      return 'nothing on the plan tells; plans are drawn with the stage at the top';
  }
}

function drawnStage(drawn: readonly NamedPlace[]): NamedPlace | null {
  let best: NamedPlace | null = null;
  let bestRank = Infinity;
  for (const place of drawn) {
    const rank = stageRank(place.name);
    if (rank === null || rank > bestRank) continue;
    if (best !== null && rank === bestRank && place.size <= best.size) continue;
    [best, bestRank] = [place, rank];
  }
  return best;
}

interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boundsOf(seats: readonly Point[]): Bounds {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of seats) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, right, top, bottom };
}

function isSurrounded(seats: readonly Point[], middle: Point, clear: number): boolean {
  const seen = new Set<number>();
  for (const seat of seats) {
    if (distance(seat, middle) < clear) return false;
    const turn = Math.atan2(seat.y - middle.y, seat.x - middle.x) / (2 * Math.PI) + 0.5;
    seen.add(Math.floor(turn * directions) % directions);
  }
  return seen.size === directions;
}
