import { describe, expect, it } from '@jest/globals';
import { freePort, portState } from './tcp-ports.js';

describe('free ports', () => {
  it('are chosen where the system takes none for outgoing connections', async () => {
    const chosen = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(chosen.filter((port) => port < 15_000 || port >= 32_000)).toEqual([]);
    expect(new Set(chosen).size).toBeGreaterThan(15);
    expect(await Promise.all(chosen.map(portState))).toEqual(chosen.map(() => 'free'));
  });
});
