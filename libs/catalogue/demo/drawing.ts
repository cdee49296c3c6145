import type { PretixRow, PretixSeat, PretixZone } from '../pretix-plan.js';
import type { Point } from '../row-geometry.js';

/** The pen of the demo venues: curved rows and blocks around an oval, in whole plan units. */
export const seatSpacing = 20;
export const rowPitch = 24;

/** What a generator says about one seat, besides where it is. */
export interface SeatLook {
  readonly category: string;
  readonly wheelchair?: boolean;
  readonly companion?: boolean;
  readonly restricted_view?: boolean;
}

export interface CurvedRow {
  readonly label: string;
  readonly idPrefix: string;
  /** Seats from left to right, split by aisles. */
  readonly blocks: readonly number[];
  readonly radius: number;
  readonly look: (seat: number, seatsInRow: number) => SeatLook;
}

/** Seats on an arc around (0, 0), open to the top, where the stage is. */
export function curvedRow({ label, idPrefix, blocks, radius, look }: CurvedRow): PretixRow {
  const aisle = 2.5;
  const seatsInRow = blocks.reduce((sum, block) => sum + block, 0);
  const steps = seatsInRow - 1 + (blocks.length - 1) * (aisle - 1);
  const angleOfStep = seatSpacing / radius;
  const seats: PretixSeat[] = [];
  let at = -steps / 2;
  for (const block of blocks) {
    for (let i = 0; i < block; i += 1) {
      const angle = Math.PI / 2 - at * angleOfStep;
      const number = seats.length + 1;
      seats.push({
        seat_guid: `${idPrefix}-${label}-${number}`,
        seat_number: String(number),
        position: rounded({ x: radius * Math.cos(angle), y: radius * Math.sin(angle) }),
        ...look(number, seatsInRow),
      });
      at += i + 1 < block ? 1 : aisle;
    }
  }
  return { row_number: label, seats };
}

export interface Ring {
  /** Half axes of the oval on which the first rows stand. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly sections: number;
  /** Name of the first section; the others count on. */
  readonly firstName: number;
  readonly rows: number;
  readonly seatsPerRow: number;
  readonly look: (row: number, seat: number, section: number) => SeatLook;
}

/** Straight blocks around an oval, facing its middle; sections count clockwise from the top. */
export function ringOfSections(ring: Ring): PretixZone[] {
  return pointsAround(ring).map(({ point, outward }, index) => {
    const name = String(ring.firstName + index);
    const alongRow = { x: -outward.y, y: outward.x };
    const rows = Array.from({ length: ring.rows }, (_, r): PretixRow => {
      const seats = Array.from({ length: ring.seatsPerRow }, (_, s): PretixSeat => {
        const side = (s - (ring.seatsPerRow - 1) / 2) * seatSpacing;
        const x = outward.x * r * rowPitch + alongRow.x * side;
        const y = outward.y * r * rowPitch + alongRow.y * side;
        return {
          seat_guid: `${name}-${r + 1}-${s + 1}`,
          seat_number: String(s + 1),
          position: rounded({ x, y }),
          ...ring.look(r + 1, s + 1, index),
        };
      });
      return { row_number: String(r + 1), seats };
    });
    return { name: `Section ${name}`, position: rounded(point), rows };
  });
}

/** Letters of theatre rows: I and O are left out, they read like digits. */
export const rowLetters = [...'ABCDEFGHJKLMNPQRSTUVWXYZ'];

/** Equal distances along the oval, found by walking it in small steps. */
function pointsAround({
  halfWidth,
  halfHeight,
  sections,
}: Ring): { point: Point; outward: Point }[] {
  const samples = 4_000;
  const at = (i: number): Point => {
    const angle = (i / samples) * 2 * Math.PI - Math.PI / 2;
    return { x: halfWidth * Math.cos(angle), y: halfHeight * Math.sin(angle) };
  };
  const walked = [0];
  for (let i = 1; i <= samples; i += 1) {
    const [from, to] = [at(i - 1), at(i)];
    walked.push(walked[i - 1] + Math.hypot(to.x - from.x, to.y - from.y));
  }
  return Array.from({ length: sections }, (_, section) => {
    const goal = (walked[samples] * section) / sections;
    const point = at(walked.findIndex((length) => length >= goal));
    const normal = { x: point.x / halfWidth ** 2, y: point.y / halfHeight ** 2 };
    const length = Math.hypot(normal.x, normal.y);
    return { point, outward: { x: normal.x / length, y: normal.y / length } };
  });
}

/** pretix wants whole numbers; minus zero would be another JSON. */
const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x) + 0, y: Math.round(y) + 0 });
