import { createHash, createHmac } from 'node:crypto';
import { assert } from '#libs/platform/assert.js';

/**
 * The lottery of a waiting room: who stands where, of those who came before it.
 *
 * DR1  positionOf() is a permutation of 0..n-1: nobody shares a position, none is left out.
 * DR2  It depends on the secret that was committed before anybody came, and on the root of all who
 *      came. Whoever chooses his nonce without the secret draws anew, and gains nothing.
 * DR3  Nothing else has a say: neither the hour at which somebody came nor who it was.
 *
 * Up to shuffledMax entrants the seed shuffles all of them (Fisher and Yates; each swap is drawn
 * without bias, by rejection). Above, one position must not cost a pass over a million: a Feistel
 * network of 24 rounds of HMAC-SHA256 permutes the next power of four, and whoever falls outside
 * 0..n-1 is permuted again until he is inside (Black and Rogaway, "Ciphers with Arbitrary Finite
 * Domains", 2002). So many rounds make up for a domain far below that of a block cipher.
 */
export const shuffledMax = 4_096;
const rounds = 24;
const wordBytes = 4;
const wordRange = 2 ** 32;

export const commitmentOf = (secret: Uint8Array): Buffer =>
  createHash('sha256').update(secret).digest();

/** `root`: of the final head. */
export const seedOf = (secret: Uint8Array, root: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(root).digest();

/** From 0: before how many of the others. */
export function positionOf(seed: Uint8Array, entrants: number, index: number): number {
  assert(index >= 0 && index < entrants, 'who draws has entered');
  return entrants <= shuffledMax ? shuffled(seed, entrants)[index] : walked(seed, entrants, index);
}

/** By index. Of one draw a gateway asks again and again: the last one is kept. */
function shuffled(seed: Uint8Array, entrants: number): Uint16Array {
  if (last.entrants === entrants && last.seed.equals(seed)) return last.positions;
  const positions = Uint16Array.from({ length: entrants }, (_, index) => index);
  const draw = words(seed);
  for (let i = entrants - 1; i > 0; i -= 1) {
    const other = below(i + 1, draw);
    [positions[i], positions[other]] = [positions[other], positions[i]];
  }
  last = { seed: Buffer.from(seed), entrants, positions };
  return positions;
}

let last = { seed: Buffer.alloc(0), entrants: 0, positions: new Uint16Array() };

/** HMAC-SHA256(seed, counter) as numbers of 32 bits, big-endian, without end. */
function words(seed: Uint8Array): () => number {
  let [counter, block, at] = [0, Buffer.alloc(0), 0];
  return () => {
    if (at === block.length) {
      block = createHmac('sha256', seed).update(`shuffle ${counter}`).digest();
      [counter, at] = [counter + 1, 0];
    }
    at += wordBytes;
    return block.readUInt32BE(at - wordBytes);
  };
}

function below(bound: number, draw: () => number): number {
  const fair = wordRange - (wordRange % bound);
  let word = draw();
  while (word >= fair) word = draw();
  return word % bound;
}

function walked(seed: Uint8Array, entrants: number, index: number): number {
  const side = 2 ** Math.ceil(Math.log2(entrants) / 2);
  let at = index;
  do at = permuted(seed, side, at);
  while (at >= entrants);
  return at;
}

/** A permutation of 0..side*side-1. */
function permuted(seed: Uint8Array, side: number, value: number): number {
  let [left, right] = [Math.floor(value / side), value % side];
  for (let round = 0; round < rounds; round += 1) {
    const mixed = createHmac('sha256', seed).update(`round ${round} ${right}`).digest();
    [left, right] = [right, (left + mixed.readUInt32BE(0)) % side];
  }
  return left * side + right;
}
