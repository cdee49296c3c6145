import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { TurnsOfSockets } from './turns-of-sockets.js';

describe('sockets that are looked at in turn', () => {
  it('are looked at a few at a time, and each of them once in a round', () => {
    const sockets = new Set(Array.from({ length: 16_000 }, () => ({ looks: 0 })));
    const turns = new TurnsOfSockets(sockets);
    const look = (): void => turns.look((one) => (one.looks += 1));
    const looked = (): number => [...sockets].reduce((sum, { looks }) => sum + looks, 0);
    look();
    expect(looked()).toBe(limits.socketsLookedAtMax);
    for (let i = 1; i < 16_000 / limits.socketsLookedAtMax; i++) look();
    expect([...sockets].every(({ looks }) => looks === 1)).toBe(true);
  });

  it('may leave while they are looked at', () => {
    const sockets = new Set([1, 2, 3]);
    const turns = new TurnsOfSockets(sockets);
    const seen: number[] = [];
    turns.look((one) => {
      seen.push(one);
      sockets.delete(one);
    });
    expect([seen, sockets.size]).toEqual([[1, 2, 3], 0]);
  });
});
