import fc from 'fast-check';

import type { Dice } from './dice.js';

/** Something that reads bytes from outside, and what it promises about all of them. */
export interface FuzzTarget {
  readonly name: string;
  readonly open: () => Promise<OpenTarget>;
}

export interface OpenTarget {
  /** A whole, well-formed input, from which damage starts. */
  readonly valid: (dice: Dice) => Uint8Array;
  /** Throws PromiseBroken, or anything else: whatever is thrown is a finding. */
  readonly run: (input: Uint8Array) => Outcome | Promise<Outcome>;
  readonly close: () => Promise<void>;
}

export type Outcome = 'accepted' | 'refused';

export class PromiseBroken extends Error {
  override readonly name = 'PromiseBroken';
}

export function promise(holds: boolean, what: string): asserts holds {
  if (!holds) throw new PromiseBroken(what);
}

/** Draws from an arbitrary, many at once: a single draw of fast-check costs much more. */
export function drawn(arbitrary: fc.Arbitrary<Uint8Array>): (dice: Dice) => Uint8Array {
  let ready: Uint8Array[] = [];
  return (dice) => {
    if (ready.length === 0) ready = fc.sample(arbitrary, { seed: dice.next() | 0, numRuns: 64 });
    return ready.pop() ?? new Uint8Array();
  };
}

/** A target that needs nothing to be started. */
export function pureTarget(
  name: string,
  valid: fc.Arbitrary<Uint8Array>,
  run: (input: Uint8Array) => Outcome,
): FuzzTarget {
  const open = { valid: drawn(valid), run, close: () => Promise.resolve() };
  return { name, open: () => Promise.resolve({ ...open, valid: drawn(valid) }) };
}

export const textBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
