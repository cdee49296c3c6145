import type { Dice } from './dice.js';

/**
 * Damage as it happens and as an attacker would do it: bits, cuts, repeats, pieces of another
 * input, and the lengths that make a careless reader allocate or count wrong.
 */
export function mutate(input: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  let bytes = input;
  for (let left = 1 + dice.below(4); left > 0; left--) bytes = dice.oneOf(ways)(bytes, other, dice);
  return bytes.length > inputBytesMax ? bytes.subarray(0, inputBytesMax) : bytes;
}

export function randomBytes(dice: Dice, lengthMax: number): Uint8Array {
  return Uint8Array.from({ length: dice.below(lengthMax + 1) }, () => dice.below(256));
}

export const inputBytesMax = 64 * 1024;

type Way = (bytes: Uint8Array, other: Uint8Array, dice: Dice) => Uint8Array;

/** Numbers at the edges of every way in which our formats and their libraries write lengths. */
const edges: readonly (readonly number[])[] = [
  [0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xdd, 0xff, 0xff, 0xff, 0xff],
  [0xdf, 0xff, 0xff, 0xff, 0xff],
  [0xc6, 0xff, 0xff, 0xff, 0xff],
  [0xdb, 0xff, 0xff, 0xff, 0xff],
  [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x7f],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
];
const words = [
  '__proto__',
  'constructor',
  '"',
  '\\u0000',
  '[[[[[[[[',
  '{"a":',
  '-1',
  '1e999',
  '%zz',
];

const ways: readonly Way[] = [
  (bytes, _other, dice) => changed(bytes, dice, (byte) => byte ^ (1 << dice.below(8))),
  (bytes, _other, dice) => changed(bytes, dice, () => dice.below(256)),
  (bytes, _other, dice) => changed(bytes, dice, () => dice.oneOf([0, 1, 0x7f, 0x80, 0xff])),
  (bytes, _other, dice) => bytes.slice(0, dice.below(bytes.length + 1)),
  (bytes, _other, dice) => {
    const from = dice.below(bytes.length + 1);
    return spliced(bytes, from, from + 1 + dice.below(8), []);
  },
  (bytes, _other, dice) => {
    const at = dice.below(bytes.length + 1);
    return spliced(bytes, at, at + dice.below(3) * 2, dice.oneOf(edges));
  },
  (bytes, _other, dice) => {
    const at = dice.below(bytes.length + 1);
    return spliced(bytes, at, at, Buffer.from(dice.oneOf(words)));
  },
  (bytes, _other, dice) => {
    const at = dice.below(bytes.length + 1);
    return spliced(bytes, at, at, repeated(bytes, dice));
  },
  (bytes, other, dice) => {
    const from = dice.below(other.length + 1);
    const piece = other.subarray(from, from + dice.below(64));
    const at = dice.below(bytes.length + 1);
    return spliced(bytes, at, at + dice.below(2) * piece.length, piece);
  },
];

function changed(bytes: Uint8Array, dice: Dice, change: (byte: number) => number): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(dice.below(256));
  const copy = bytes.slice();
  const at = dice.below(copy.length);
  copy[at] = change(copy[at]);
  return copy;
}

/** A byte many times, or a piece of the input twice. */
function repeated(bytes: Uint8Array, dice: Dice): Uint8Array {
  if (dice.below(2) === 0) {
    const byte = dice.oneOf([0, 0x5b, 0x80, 0xff, dice.below(256)]);
    return new Uint8Array(1 + dice.below(200)).fill(byte);
  }
  const from = dice.below(bytes.length + 1);
  return bytes.slice(from, from + 1 + dice.below(32));
}

function spliced(
  bytes: Uint8Array,
  from: number,
  to: number,
  between: ArrayLike<number>,
): Uint8Array {
  const after = bytes.subarray(Math.min(to, bytes.length));
  const result = new Uint8Array(from + between.length + after.length);
  result.set(bytes.subarray(0, from));
  result.set(between, from);
  result.set(after, from + between.length);
  return result;
}
