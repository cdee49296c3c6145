import { describe, expect, it } from '@jest/globals';
import { roomMutations } from './room-mutations.js';
import { simulateRoom } from './simulate-room.js';

const seedsEach = 12;
/**
 * Odd places, low rates, who asks twice; a judge that asked a gateway that was not back; somebody
 * let in at a place that was given on (RS5).
 */
const nasty = [34, 82, 152, 195, 890_981, 901_100];
const seedsMax = 20;

describe('the waiting room', () => {
  it('repeats a run byte for byte, whatever ran in between', async () => {
    for (const seed of [1, 2]) {
      const [first, second] = [await simulateRoom(seed), await simulateRoom(seed)];
      expect(second.traceHash).toBe(first.traceHash);
    }
  }, 60_000);

  it.each([1, 13])(
    `keeps its promises in ${seedsEach} seeds from %i on`,
    async (firstSeed) => {
      const failures: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + seedsEach; seed += 1) {
        const { violations } = await simulateRoom(seed);
        failures.push(...violations.map((violation) => `seed ${seed}: ${violation}`));
      }
      expect(failures).toEqual([]);
    },
    120_000,
  );
});

describe('a waiting room that was broken once', () => {
  it.each(nasty)(
    'keeps its promises in the nasty seed %i',
    async (seed) => {
      expect((await simulateRoom(seed)).violations).toEqual([]);
    },
    60_000,
  );
});

describe('its judge notices when', () => {
  it.each(roomMutations.map((mutation) => [mutation.name, mutation] as const))(
    '%s',
    async (_name, mutation) => {
      const found: string[] = [];
      for (let seed = 1; seed <= seedsMax && found.length === 0; seed += 1) {
        found.push(...(await simulateRoom(seed, { mutation })).violations);
      }
      expect(found).not.toEqual([]);
    },
    120_000,
  );
});
