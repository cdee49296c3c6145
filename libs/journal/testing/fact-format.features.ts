import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FactFormat } from '../fact-format.js';

/** What every implementation of the port must do. `open` gives one at this level. */
export function describeFactFormat(
  name: string,
  open: (level: number) => Promise<FactFormat>,
): void {
  describe(name, () => {
    let format: FactFormat;
    beforeEach(async () => {
      format = await open(3);
    });

    it('tells its level', async () => {
      expect(await format.level()).toBe(3);
    });

    it('rises, and says how far it has', async () => {
      expect(await format.raise(5)).toBe(5);
      expect(await format.level()).toBe(5);
    });

    it('never falls', async () => {
      expect(await format.raise(2)).toBe(3);
      expect(await format.raise(3)).toBe(3);
      expect(await format.level()).toBe(3);
    });

    it('is at the highest level of all who raise it at once', async () => {
      const heard = await Promise.all([4, 6, 5, 6].map((level) => format.raise(level)));
      expect(heard.every((level) => level >= 4)).toBe(true);
      expect(await format.level()).toBe(6);
    });
  });
}
