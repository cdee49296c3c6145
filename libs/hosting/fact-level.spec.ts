import { describe, expect, it } from '@jest/globals';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import type { FactFormat } from '#libs/journal/fact-format.js';
import { silentLog } from '#libs/platform/log.js';
import { FactLevel } from './fact-level.js';

/** Gives these answers one after the other. */
function answering(...levels: readonly (number | Error)[]): FactFormat {
  const left = [...levels];
  const next = (): Promise<number> => {
    const level = left.shift() ?? 1;
    return typeof level === 'number' ? Promise.resolve(level) : Promise.reject(level);
  };
  return { level: next, raise: next };
}

const levelOn = (...levels: readonly (number | Error)[]): FactLevel =>
  new FactLevel(answering(...levels), silentLog());

describe('the level at which a shard writes facts', () => {
  it('is the oldest until the store has told another (FL1)', async () => {
    const level = levelOn(factLevelNewest);
    expect(level.written).toBe(1);
    await level.begin();
    expect(level.written).toBe(factLevelNewest);
  });

  it('rises when the store says so', async () => {
    const level = levelOn(1, factLevelNewest);
    await level.begin();
    expect(level.written).toBe(1);
    await level.ask();
    expect(level.written).toBe(factLevelNewest);
  });

  it('never falls, and outlives a store that does not answer (FL2)', async () => {
    const level = levelOn(factLevelNewest, 1, new Error('away'));
    await level.begin();
    await level.ask();
    await level.ask();
    expect(level.written).toBe(factLevelNewest);
  });

  it('lets no shard begin that cannot read what is written, or cannot know (FL3)', async () => {
    const beyond = factLevelNewest + 1;
    await expect(levelOn(beyond).begin()).rejects.toThrow(
      `written at level ${beyond} and this build reads up to ${factLevelNewest}`,
    );
    await expect(levelOn(new Error('away')).begin()).rejects.toThrow('away');
  });

  it('stays at the newest that is known when others go on (FL3)', async () => {
    const level = levelOn(1, factLevelNewest + 1);
    await level.begin();
    await level.ask();
    expect(level.written).toBe(factLevelNewest);
  });
});
