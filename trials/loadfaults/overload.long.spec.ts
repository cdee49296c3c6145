import { describe, expect, it } from '@jest/globals';
import { runFaults } from './run-overload.js';

/** A fiftieth of the faults that take as long as the gateway's patience: half a minute each. */
describe('clients that are slow, or dead, or never finish a request', () => {
  it('are kept right or ended, and nobody else notices', async () => {
    const checks = await runFaults(['watchers', 'loris'], 0.02);
    const exact = checks.filter((check) => check.exact);
    expect(exact.length).toBeGreaterThan(6);
    expect(exact.filter(({ holds }) => !holds)).toEqual([]);
  }, 240_000);
});
