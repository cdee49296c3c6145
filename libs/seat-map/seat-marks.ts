import { look, looks } from './seat-looks.js';

/**
 * The shape of a seat by what it is, so that nobody needs its colour to know: the same on the
 * overview, in a few pixels, and as a drawn seat.
 *
 *   free     a full square       held     a frame
 *   booked   two crossed lines   blocked  a dot in the middle
 *   unknown  a chequered square  mine     a frame around a square
 *   aside    a line across
 *
 * MK1  From 3 pixels a side on no two looks have the same shape.
 */
export function markOf(lookIndex: number, side: number): Uint8Array {
  const mask = new Uint8Array(side * side);
  const last = side - 1;
  const middle = last >> 1;
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const edge = x === 0 || y === 0 || x === last || y === last;
      if (covers(lookIndex, { x, y, edge, last, middle })) mask[y * side + x] = 1;
    }
  }
  return mask;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
  readonly edge: boolean;
  readonly last: number;
  readonly middle: number;
}

function covers(lookIndex: number, { x, y, edge, last, middle }: Pixel): boolean {
  switch (lookIndex) {
    case look.free:
      return true;
    case look.held:
      return edge;
    case look.booked:
      return x === y || x + y === last;
    case look.blocked:
      return x === middle && y === middle;
    case look.aside:
      return y === middle;
    case look.unknown:
      return (x + y) % 2 === 1 || last === 0;
    default:
      // A cross in a frame would be a booked seat to many: the corners are left out instead.
      return !(edge && (x === 0 || x === last) && (y === 0 || y === last)) || last < 2;
  }
}

/** One mask a look, in the order of `looks`. */
export const marksOf = (side: number): readonly Uint8Array[] =>
  looks.map((_name, index) => markOf(index, side));
