import { categoryColour, cssOf } from '#libs/seat-map/palette.js';
import { look, looks, type SeatLooks } from '#libs/seat-map/seat-looks.js';
import { seatFlags } from '#libs/seat-map/seat-plan.js';
import { inkOn } from './map-theme.js';
import { family, type Part, type Sheet } from './paint-plan.js';

/**
 * Seats that are large enough to be shapes: one path for each colour and kind, however many there
 * are. What a seat is, is said by its shape as in libs/seat-map/seat-marks.ts: full, a frame, a
 * cross, a dot.
 */
export function paintSeats(sheet: Sheet, seatLooks: SeatLooks, seats: Uint32Array): void {
  const { context, plan, view, theme } = sheet;
  const side = seatSide(sheet);
  const half = side / 2;
  const round = Math.min(6, side * 0.28);
  const paths = new Map<number, Path2D>();
  for (const seat of seats) {
    const kind = plan.category[seat] * looks.length + seatLooks.bytes[seat];
    let path = paths.get(kind);
    if (path === undefined) paths.set(kind, (path = new Path2D()));
    const x = plan.x[seat] * view.scale + view.offsetX;
    const y = plan.y[seat] * view.scale + view.offsetY;
    addShape(path, seatLooks.bytes[seat], { x, y, half, round });
  }
  for (const [kind, path] of paths) {
    const shown = kind % looks.length;
    const own = cssOf(categoryColour(theme.palette, Math.floor(kind / looks.length)));
    context.fillStyle = fillOf(sheet, shown, own);
    context.strokeStyle = shown === look.held ? own : cssOf(theme.palette.gone);
    context.lineWidth = shown === look.held ? Math.max(1.5, side * 0.1) : Math.max(1, side * 0.08);
    if (filled.has(shown)) context.fill(path);
    else context.stroke(path);
  }
}

const filled: ReadonlySet<number> = new Set([look.free, look.mine, look.blocked, look.aside]);

const seatSide = ({ plan, view }: Sheet): number => Math.min(44, plan.pitch * view.scale * 0.78);

const fillOf = ({ theme: { palette } }: Sheet, shown: number, own: string): string =>
  shown === look.mine ? cssOf(palette.mine) : shown === look.blocked ? cssOf(palette.gone) : own;

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly half: number;
  readonly round: number;
}

function addShape(path: Path2D, shown: number, { x, y, half, round }: Spot): void {
  switch (shown) {
    case look.free:
    case look.mine:
      return path.roundRect(x - half, y - half, 2 * half, 2 * half, round);
    case look.held: {
      const inner = half * 0.88;
      return path.roundRect(x - inner, y - inner, 2 * inner, 2 * inner, round);
    }
    case look.booked: {
      const arm = half * 0.55;
      path.moveTo(x - arm, y - arm);
      path.lineTo(x + arm, y + arm);
      path.moveTo(x + arm, y - arm);
      path.lineTo(x - arm, y + arm);
      return;
    }
    case look.blocked:
      path.moveTo(x + half * 0.3, y);
      return path.arc(x, y, half * 0.3, 0, 2 * Math.PI);
    case look.aside:
      return path.rect(x - half * 0.6, y - half * 0.14, half * 1.2, half * 0.28);
    default: {
      const inner = half * 0.6;
      path.moveTo(x + inner, y);
      return path.arc(x, y, inner, 0, 2 * Math.PI);
    }
  }
}

/** Numbers on what can be had and on what is the buyer's own; elsewhere they say nothing. */
export function paintNumbers(sheet: Sheet, seatLooks: SeatLooks, seats: Uint32Array): void {
  const { context, plan, view, theme } = sheet;
  const size = Math.min(14, seatSide(sheet) * 0.46);
  context.font = `600 ${size}px ${family}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const inks = new Map<number, string>();
  for (const seat of seats) {
    const shown = seatLooks.bytes[seat];
    if (shown !== look.free && shown !== look.mine && shown !== look.held) continue;
    const own = categoryColour(theme.palette, plan.category[seat]);
    const under = shown === look.mine ? theme.palette.mine : own;
    if (!inks.has(under)) inks.set(under, inkOn(under));
    context.fillStyle = shown === look.held ? cssOf(own) : (inks.get(under) ?? '');
    const x = plan.x[seat] * view.scale + view.offsetX;
    const y = plan.y[seat] * view.scale + view.offsetY + 0.5;
    const isWheelchair = (plan.flags[seat] & seatFlags.wheelchair) !== 0;
    context.fillText(isWheelchair ? '♿\uFE0E' : plan.document.seats.number[seat], x, y);
  }
}

/** No label of a row is further from its middle than this; pixels. */
export const labelReach = 24;

/** In distances of neighbours: what is nearer to a label lies under it. */
const labelRoom = 0.6;

/** True: some seat is no further from there, in plan units. */
type FindsSeat = (x: number, y: number, reach: number) => boolean;

/**
 * At both ends of each row that is seen, a seat's width away from it, when that meets the part. Not
 * where the row of the next section begins: its seats stand there.
 */
export function paintRowLabels(
  sheet: Sheet,
  seats: Uint32Array,
  part: Part,
  isSeatAt: FindsSeat,
): void {
  const { left, top, width, height } = part;
  const { context, plan, view, theme } = sheet;
  const rows = new Set<number>();
  for (const seat of seats) rows.add(plan.rowOfSeat[seat]);
  context.font = `600 ${part.level === 'numbers' ? 13 : 10}px ${family}`;
  context.fillStyle = theme.quiet;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const write = (end: number, neighbour: number, text: string) => {
    const [dx, dy] = [plan.x[end] - plan.x[neighbour], plan.y[end] - plan.y[neighbour]];
    const length = Math.hypot(dx, dy);
    const [ux, uy] = length === 0 ? [-1, 0] : [dx / length, dy / length];
    const [planX, planY] = [plan.x[end] + ux * plan.pitch, plan.y[end] + uy * plan.pitch];
    const x = planX * view.scale + view.offsetX;
    const y = planY * view.scale + view.offsetY;
    const isAcross = x > left - labelReach && x < left + width + labelReach;
    const isDown = y > top - labelReach && y < top + height + labelReach;
    if (!isAcross || !isDown || isSeatAt(planX, planY, labelRoom * plan.pitch)) return;
    context.fillText(text, x, y);
  };
  for (const row of rows) {
    const [first, last] = [plan.rowStart[row], plan.rowStart[row + 1] - 1];
    const text = plan.document.rows.label[row];
    if (text === '') continue;
    write(first, Math.min(last, first + 1), text);
    if (last > first) write(last, last - 1, text);
  }
}

/** A ring around seats: what is looked at, offered, just changed. */
export function paintRings(sheet: Sheet, seats: Iterable<number>, ring: Ring): void {
  const { context, plan, view } = sheet;
  const radius = Math.max(ring.least, seatSide(sheet) * 0.68);
  context.save();
  context.strokeStyle = ring.colour;
  context.lineWidth = ring.width;
  context.setLineDash(ring.dashed ? [4, 3] : []);
  context.globalAlpha = ring.strength;
  context.beginPath();
  for (const seat of seats) {
    const x = plan.x[seat] * view.scale + view.offsetX;
    const y = plan.y[seat] * view.scale + view.offsetY;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.stroke();
  context.restore();
}

export interface Ring {
  readonly colour: string;
  readonly width: number;
  /** Pixels. */
  readonly least: number;
  readonly dashed: boolean;
  /** 0 to 1 */
  readonly strength: number;
}
