import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { positionOf, seedOf, shuffledMax } from './draw.js';

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const seeds = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => seedOf(hashOf(`secret ${i}`), hashOf(`root ${i}`)));

const positionsOf = (seed: Buffer, entrants: number): number[] =>
  Array.from({ length: entrants }, (_, index) => positionOf(seed, entrants, index));

/** Sum of squares by what is expected: of a fair draw about as many as there are cells, less 1. */
function chiSquare(counts: readonly number[], draws: number): number {
  const expected = draws / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('the draw', () => {
  it('gives every entrant a position and none twice, however many they are', () => {
    const [seed] = seeds(1);
    for (const entrants of [1, 2, 3, 50, shuffledMax, shuffledMax + 1]) {
      const positions = positionsOf(seed, entrants).sort((a, b) => a - b);
      expect(positions).toEqual(Array.from({ length: entrants }, (_, i) => i));
    }
  });

  it('is another one with another secret and with another crowd', () => {
    const [secret, root] = [hashOf('secret'), hashOf('root')];
    const drawn = positionsOf(seedOf(secret, root), 40);
    expect(positionsOf(seedOf(secret, root), 40)).toEqual(drawn);
    expect(positionsOf(seedOf(hashOf('other'), root), 40)).not.toEqual(drawn);
    expect(positionsOf(seedOf(secret, hashOf('one more')), 40)).not.toEqual(drawn);
  });

  /**
   * 24 orders of 4 entrants in 12,000 draws: 500 each. A bias of one order to 620 (a quarter more)
   * adds 29 to the sum, and is noticed with a power of 0.9; a fair draw passes 49.7 once in 1,000.
   * The seeds are fixed, so that the test says the same each time.
   */
  it('has each order of four entrants as often as any other', () => {
    const draws = 12_000;
    const counts = new Map<string, number>();
    for (const seed of seeds(draws)) {
      const order = positionsOf(seed, 4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()], draws)).toBeLessThan(49.7);
  });

  /** Above shuffledMax: 1,000 draws into tenths of the line; 27.9 is passed once in 1,000. */
  it.each([0, 2_500, 5_499])('takes entrant %i of 5,500 anywhere, whenever he came', (index) => {
    const draws = 1_000;
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const seed of seeds(draws)) {
      tenths[Math.floor((positionOf(seed, 5_500, index) * 10) / 5_500)] += 1;
    }
    expect(chiSquare(tenths, draws)).toBeLessThan(27.9);
  });

  it('gives who tries a thousand nonces no better place than who tries one', () => {
    // He must choose before the secret is known: his choice makes another root, thus another draw.
    const secret = hashOf('unknown to him');
    const blind = Array.from({ length: 1_000 }, (_, i) =>
      positionOf(seedOf(secret, hashOf(`root with nonce ${i}`)), 100, 7),
    );
    const mean = blind.reduce((sum, position) => sum + position, 0) / blind.length;
    expect(Math.abs(mean - 49.5)).toBeLessThan(3);
  });
});
