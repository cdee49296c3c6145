import { describe, expect, it } from '@jest/globals';
import { echoMs, Presses } from './presses.js';

describe('a Ctrl-C', () => {
  it('is one, though the terminal and npm both tell of it', () => {
    let nowMs = 1_000;
    const presses = new Presses(() => nowMs);
    expect([presses.add(), presses.count]).toEqual([true, 1]);
    nowMs += 3;
    expect([presses.add(), presses.count]).toEqual([false, 1]);
    nowMs = 1_000 + echoMs;
    expect([presses.add(), presses.count]).toEqual([true, 2]);
  });

  it('is heard again by who goes on pressing', () => {
    let nowMs = 0;
    const presses = new Presses(() => nowMs);
    for (; nowMs <= 2 * echoMs; nowMs += echoMs / 6) presses.add();
    expect(presses.count).toBe(3);
  });
});
