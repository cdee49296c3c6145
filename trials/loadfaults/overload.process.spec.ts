import { describe, expect, it } from '@jest/globals';
import { runFaults } from './run-overload.js';

/** A fiftieth of `npm run loadfaults`, without what is about time: this machine may be busy. */
describe('a system that is asked too much', () => {
  it('refuses in order, forgets nobody, and stays within its memory', async () => {
    const checks = await runFaults(['overload', 'reconnects'], 0.02);
    // A second does not use up the bursts that the crowd's buyers have.
    const timely = 'refused with 429 or 503';
    const exact = checks.filter((check) => check.exact && check.name !== timely);
    expect(exact.length).toBeGreaterThan(6);
    expect(exact.filter(({ holds }) => !holds)).toEqual([]);
  }, 120_000);
});
