import type { LayoutDocument } from './layout-document.js';

/**
 * A layout document as the map works with it: one typed array a property, so that 50,000 seats are
 * a few hundred kilobytes and a frame makes no objects. Never changes; what changes is SeatLooks.
 */
export const seatFlags = {
  wheelchair: 1,
  companion: 2,
  restricted_view: 4,
  hearing_loop: 8,
  sign_language: 16,
  plus_size: 32,
} as const;

export type SeatFlagName = keyof typeof seatFlags;

export const seatFlagNames = Object.keys(seatFlags) as SeatFlagName[];

/** In plan units; right and bottom lie in it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What people call a seat. */
export interface SeatName {
  readonly section: string;
  readonly row: string;
  readonly number: string;
}

export class SeatPlan {
  readonly seatCount: number;
  readonly rowCount: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly category: Uint16Array;
  /** Per seat: 1 when seat i+1 is beside it. */
  readonly next: Uint8Array;
  /** Per seat: bits of seatFlags. */
  readonly flags: Uint8Array;
  readonly rowOfSeat: Uint32Array;
  /** rowCount + 1 entries. */
  readonly rowStart: Uint32Array;
  readonly sectionOfRow: Uint16Array;
  /** Of all seats; of a plan without any a point at its focal point. */
  readonly bounds: Box;
  /** Usual distance of two neighbours in plan units; above 0. */
  readonly pitch: number;

  constructor(readonly document: LayoutDocument) {
    const { seats, rows } = document;
    this.seatCount = seats.id.length;
    this.rowCount = rows.label.length;
    this.x = Float32Array.from(seats.x);
    this.y = Float32Array.from(seats.y);
    this.category = Uint16Array.from(seats.category);
    this.next = Uint8Array.from(seats.next);
    this.flags = flagsOf(document);
    this.rowStart = Uint32Array.from([...rows.start, this.seatCount]);
    this.sectionOfRow = Uint16Array.from(rows.section);
    this.rowOfSeat = new Uint32Array(this.seatCount);
    for (let row = 0; row < this.rowCount; row += 1) {
      this.rowOfSeat.fill(row, this.rowStart[row], this.rowStart[row + 1]);
    }
    this.bounds = boxOf(this, 0, this.seatCount, document.focal);
    this.pitch = usualPitch(this);
  }

  sectionOf(seat: number): number {
    return this.sectionOfRow[this.rowOfSeat[seat]];
  }

  nameOf(seat: number): SeatName {
    const { rows, seats, sections } = this.document;
    const row = this.rowOfSeat[seat];
    return {
      section: sections[this.sectionOfRow[row]],
      row: this.rowName(row),
      number: filled(rows.seat_label?.[row], seats.number[seat]),
    };
  }

  rowName(row: number): string {
    const { rows } = this.document;
    return filled(rows.row_label?.[row], rows.label[row]);
  }

  flagsOfSeat(seat: number): SeatFlagName[] {
    return seatFlagNames.filter((name) => (this.flags[seat] & seatFlags[name]) !== 0);
  }

  boxOfRow(row: number): Box {
    return boxOf(this, this.rowStart[row], this.rowStart[row + 1], this.document.focal);
  }
}

const filled = (pattern: string | undefined, text: string): string =>
  pattern === undefined || pattern === '' ? text : pattern.replace('%s', () => text);

function flagsOf({ seats }: LayoutDocument): Uint8Array {
  const flags = new Uint8Array(seats.id.length);
  for (const name of seatFlagNames) {
    for (const seat of seats[name] ?? []) flags[seat] |= seatFlags[name];
  }
  return flags;
}

interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

function boxOf({ x, y }: Places, from: number, to: number, none: { x: number; y: number }): Box {
  if (from === to) return { left: none.x, top: none.y, right: none.x, bottom: none.y };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let seat = from; seat < to; seat += 1) {
    left = Math.min(left, x[seat]);
    right = Math.max(right, x[seat]);
    top = Math.min(top, y[seat]);
    bottom = Math.max(bottom, y[seat]);
  }
  return { left, top, right, bottom };
}

/** The median over at most a few thousand neighbours. */
function usualPitch({ x, y, next, seatCount }: Places & { next: Uint8Array; seatCount: number }) {
  const step = Math.max(1, Math.floor(seatCount / 4_000));
  const found: number[] = [];
  for (let seat = 0; seat + 1 < seatCount; seat += step) {
    if (next[seat] !== 1) continue;
    const distance = Math.hypot(x[seat + 1] - x[seat], y[seat + 1] - y[seat]);
    if (distance > 0) found.push(distance);
  }
  found.sort((a, b) => a - b);
  return found[found.length >> 1] ?? 1;
}
