import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  consistencyPath,
  emptyRoot,
  Frontier,
  inclusionPath,
  isConsistent,
  leafHash,
  nodeHash,
  rootOfInclusion,
  type Hash,
} from './merkle.js';
import { growTiles, pathFromTiles, type TileName } from './tiles.js';

/** RFC 6962, section 2.1, word for word. */
function plainRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split)));
}

const leavesOf = (count: number): Hash[] =>
  Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`entrant ${i}`)));

/** A tree in tiles, grown in steps of so many. */
function grown(leaves: readonly Hash[], step: number) {
  const tiles = new Map<string, Buffer>();
  let frontier = Frontier.of(0, Buffer.alloc(0));
  for (let at = 0; at < leaves.length; at += step) {
    // As a keeper does that knows nothing of the step before.
    frontier = Frontier.of(frontier.size, frontier.bytes());
    for (const { level, tile, hashes } of growTiles(frontier, leaves.slice(at, at + step))) {
      const key = `${level}/${tile}`;
      tiles.set(key, Buffer.concat([tiles.get(key) ?? Buffer.alloc(0), ...hashes]));
    }
  }
  const read = (names: readonly TileName[]) =>
    Promise.resolve(
      names.map(({ level, tile }) => tiles.get(`${level}/${tile}`) ?? Buffer.alloc(0)),
    );
  return { root: frontier.root(), read };
}

describe('the tree of the entrants', () => {
  it('has the root of RFC 6962 at every size', () => {
    const leaves = leavesOf(70);
    const frontier = Frontier.of(0, Buffer.alloc(0));
    expect(frontier.root()).toEqual(emptyRoot);
    for (let size = 0; size < leaves.length; size += 1) {
      expect(frontier.root()).toEqual(plainRoot(leaves.slice(0, size)));
      frontier.append(leaves[size], () => undefined);
    }
  });

  it('shows of every entrant that he is in it, at his index and no other', async () => {
    for (const size of [1, 2, 3, 7, 8, 255, 256, 257, 700]) {
      const leaves = leavesOf(size);
      const { root, read } = grown(leaves, 97);
      expect(root).toEqual(plainRoot(leaves));
      for (const index of [0, Math.floor(size / 2), size - 1]) {
        const path = await pathFromTiles(read, (source) => inclusionPath(index, size, source));
        expect(rootOfInclusion(leaves[index], index, size, path)).toEqual(root);
        if (size === 1) continue;
        const other = (index + 1) % size;
        expect(rootOfInclusion(leaves[index], other, size, path)).not.toEqual(root);
        expect(rootOfInclusion(leaves[other], index, size, path)).not.toEqual(root);
      }
    }
  });

  it('shows of every earlier size that it only grew since', async () => {
    const leaves = leavesOf(300);
    for (const size of [2, 3, 8, 100, 255, 256, 300]) {
      const { root, read } = grown(leaves.slice(0, size), 50);
      for (let before = 1; before <= size; before += before < 20 ? 1 : 37) {
        const path = await pathFromTiles(read, (source) => consistencyPath(before, size, source));
        const earlier = { size: before, root: plainRoot(leaves.slice(0, before)) };
        expect(isConsistent(earlier, { size, root }, path)).toBe(true);
        const changed = { size: before, root: plainRoot(leavesOf(before + 1).slice(1)) };
        expect(isConsistent(changed, { size, root }, path)).toBe(false);
      }
    }
  });

  it('is the same in whatever steps it grows', () => {
    const leaves = leavesOf(600);
    const roots = [1, 13, 256, 600].map((step) => grown(leaves, step).root.toString('hex'));
    expect(new Set(roots).size).toBe(1);
  });
});
