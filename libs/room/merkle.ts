import { createHash } from 'node:crypto';
import { assert } from '#libs/platform/assert.js';

/**
 * The tree of the entrants: hashes as in RFC 6962, section 2.1, so that any implementation of it
 * can check ours.
 *
 * MT1  The tree only grows: what stands at an index is part of every later root, and
 *      consistencyPath() proves it.
 * MT2  All that a proof is made of are hashes of complete subtrees (HashSource), which never change
 *      once their leaves are there. So tiles of leaves can be stored and cached, and no process
 *      keeps the tree.
 */
export type Hash = Buffer;

export const hashBytes = 32;

export const leafHash = (entry: Uint8Array): Hash => sha256(leafMark, entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Hash =>
  sha256(nodeMark, left, right);

/** Root of a tree without leaves. */
export const emptyRoot: Hash = sha256();

/** The hash over leaves `index * 2^level` up to the next multiple: a subtree that is complete. */
export type HashSource = (level: number, index: number) => Hash;

/** The tree as its roots of complete subtrees, largest first: as many as `size` has bits set. */
export class Frontier {
  private constructor(
    private count: number,
    private readonly peaks: Hash[],
  ) {}

  static of(size: number, peaks: Uint8Array): Frontier {
    assert(peaks.length === bitsOf(size) * hashBytes, 'a peak for each bit of the size');
    const parts = Array.from({ length: bitsOf(size) }, (_, i) =>
      Buffer.from(peaks.subarray(i * hashBytes, (i + 1) * hashBytes)),
    );
    return new Frontier(size, parts);
  }

  get size(): number {
    return this.count;
  }

  /** `completed` hears of each subtree of 2^height leaves that this one completes. */
  append(leaf: Hash, completed: (height: number, hash: Hash) => void): void {
    let [size, height, hash] = [this.count, 0, leaf];
    this.count += 1;
    completed(height, hash);
    for (; size % 2 === 1; size = (size - 1) / 2) {
      const left = this.peaks.pop();
      assert(left !== undefined, 'an odd size has a peak');
      hash = nodeHash(left, hash);
      height += 1;
      completed(height, hash);
    }
    this.peaks.push(hash);
  }

  root(): Hash {
    const last = this.peaks.at(-1);
    if (last === undefined) return emptyRoot;
    return this.peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
  }

  bytes(): Buffer {
    return Buffer.concat(this.peaks);
  }
}

/** Siblings from leaf `index` up to the root of the first `size` leaves. */
export function inclusionPath(index: number, size: number, source: HashSource): Hash[] {
  assert(index >= 0 && index < size, 'the leaf is in the tree');
  const path: Hash[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const left = index < middle;
    path.push(left ? rangeHash(middle, to, source) : rangeHash(from, middle, source));
    [from, to] = left ? [from, middle] : [middle, to];
  }
  return path.reverse();
}

/** What a leaf and its path add up to; null: the path has not the length of this tree's. */
export function rootOfInclusion(
  leaf: Hash,
  index: number,
  size: number,
  path: readonly Hash[],
): Hash | null {
  if (index >= size) return null;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? hash : null;
}

/** What shows that the first `before` leaves are still the first of `size` (MT1). */
export function consistencyPath(before: number, size: number, source: HashSource): Hash[] {
  assert(before > 0 && before <= size, 'a tree that grew');
  const path: Hash[] = [];
  let [from, to, whole] = [0, size, true];
  while (before !== to) {
    const middle = from + splitOf(to - from);
    if (before <= middle) {
      path.push(rangeHash(middle, to, source));
      to = middle;
    } else {
      path.push(rangeHash(from, middle, source));
      [from, whole] = [middle, false];
    }
  }
  if (!whole) path.push(rangeHash(from, to, source));
  return path.reverse();
}

interface Tree {
  readonly size: number;
  readonly root: Hash;
}

/** Whether `path` shows that `after` is `before` with leaves appended. */
export function isConsistent(before: Tree, after: Tree, path: readonly Hash[]): boolean {
  if (before.size === after.size) return path.length === 0 && before.root.equals(after.root);
  if (before.size === 0 || before.size > after.size) return before.size === 0;
  const rest = isPowerOfTwo(before.size) ? [before.root, ...path] : [...path];
  let [node, last] = [before.size - 1, after.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const first = rest.shift();
  if (first === undefined) return false;
  let [old, grown] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [old, grown] = [nodeHash(sibling, old), nodeHash(sibling, grown)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      grown = nodeHash(grown, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && old.equals(before.root) && grown.equals(after.root);
}

/** Hash of leaves `from` to `to`; `from` is where a split of the tree put it. */
function rangeHash(from: number, to: number, source: HashSource): Hash {
  const length = to - from;
  if (isPowerOfTwo(length)) return source(Math.log2(length), from / length);
  const middle = from + splitOf(length);
  return nodeHash(rangeHash(from, middle, source), rangeHash(middle, to, source));
}

/** The largest power of two below `length`. */
const splitOf = (length: number): number => 2 ** Math.floor(Math.log2(length - 1));
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
const half = (value: number): number => Math.floor(value / 2);
const bitsOf = (size: number): number => size.toString(2).replaceAll('0', '').length;

const leafMark = Buffer.of(0);
const nodeMark = Buffer.of(1);

function sha256(...parts: readonly Uint8Array[]): Hash {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
