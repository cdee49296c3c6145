import { assert } from '#libs/platform/assert.js';
import { Frontier, hashBytes, nodeHash, type Hash, type HashSource } from './merkle.js';

/**
 * The tree in rows of 256 hashes: level 0 has leaves, level 1 the roots of 256 leaves each, and so
 * on. What a tile has is final, so a proof is made of a handful of rows, however large the tree.
 */
export interface TileName {
  readonly level: number;
  readonly tile: number;
}

/** To be put behind those that the tile has. */
export interface TileHashes extends TileName {
  readonly hashes: readonly Hash[];
}

const tileBits = 8;
const tileHashes = 2 ** tileBits;

/** Appends leaves; what must be put behind the hashes of which tiles. */
export function growTiles(frontier: Frontier, leaves: readonly Hash[]): readonly TileHashes[] {
  const grown = new Map<string, { readonly name: TileName; readonly hashes: Hash[] }>();
  for (const leaf of leaves) {
    frontier.append(leaf, (height, hash) => {
      if (height % tileBits !== 0) return;
      const level = height / tileBits;
      const at = frontier.size / 2 ** height - 1;
      const name = { level, tile: Math.floor(at / tileHashes) };
      const key = keyOf(name);
      const found = grown.get(key);
      if (found === undefined) grown.set(key, { name, hashes: [hash] });
      else found.hashes.push(hash);
    });
  }
  return [...grown.values()].map(({ name, hashes }) => ({ ...name, hashes }));
}

export type ReadTiles = (names: readonly TileName[]) => Promise<readonly Buffer[]>;

/** Makes a path of tiles: asks `make` twice, first which tiles it takes and then for the path. */
export async function pathFromTiles(
  read: ReadTiles,
  make: (source: HashSource) => Hash[],
): Promise<Hash[]> {
  const names = new Map<string, TileName>();
  const nothing = Buffer.alloc(hashBytes);
  make((height, index) => {
    const { name } = placeOf(height, index);
    names.set(keyOf(name), name);
    return nothing;
  });
  const wanted = [...names.values()];
  const tiles = new Map<string, Buffer>();
  const found = await read(wanted);
  wanted.forEach((name, i) => tiles.set(keyOf(name), found[i]));
  return make((height, index) => {
    const { name, from, count } = placeOf(height, index);
    const tile = tiles.get(keyOf(name));
    assert(tile !== undefined && tile.length >= (from + count) * hashBytes, 'the tile is there');
    return folded(tile, from, count);
  });
}

const keyOf = ({ level, tile }: TileName): string => `${level}/${tile}`;

function placeOf(height: number, index: number) {
  const level = Math.floor(height / tileBits);
  const count = 2 ** (height % tileBits);
  const from = (index * count) % tileHashes;
  return { name: { level, tile: Math.floor((index * count) / tileHashes) }, from, count };
}

function folded(tile: Buffer, from: number, count: number): Hash {
  if (count === 1) return tile.subarray(from * hashBytes, (from + 1) * hashBytes);
  const half = count / 2;
  return nodeHash(folded(tile, from, half), folded(tile, from + half, half));
}
