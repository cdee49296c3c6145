import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { SharedLoop } from './loop-share.js';

const clock = new VirtualClock();

/** Works that each do `pieces` pieces of `units`, and what was done in which turn of the loop. */
async function work(names: readonly string[], pieces: number, units: number, perTurn: number) {
  const share = new SharedLoop(clock, perTurn, 1);
  const turns: string[][] = [[]];
  const nextTurn = (): void => {
    turns.push([]);
    if (turns.length < 100) clock.soon(nextTurn);
  };
  const one = async (name: string): Promise<void> => {
    for (let piece = 0; piece < pieces; piece += 1) {
      if (!share.spend(units)) await share.turn();
      turns[turns.length - 1].push(name);
    }
  };
  clock.soon(nextTurn);
  const all = Promise.all(names.map((name) => one(name)));
  await clock.advance(1);
  await all;
  return turns.filter((turn) => turn.length > 0);
}

describe('the share of the loop', () => {
  it('lets work that fits a turn be done in it', async () => {
    expect(await work(['a'], 3, 10, 100)).toEqual([['a', 'a', 'a']]);
  });

  it('gives a turn no more than its units, however many works there are', async () => {
    const turns = await work(['a', 'b', 'c'], 10, 10, 50);
    expect(turns.flat()).toHaveLength(30);
    for (const turn of turns.slice(1)) expect(turn.length).toBeLessThanOrEqual(5);
  });

  it('lets one that waits go on in a turn, in the order in which they began to', async () => {
    const turns = await work(['a', 'b', 'c'], 10, 10, 50);
    const order = turns.slice(1, 4).map((turn) => [...new Set(turn)].join());
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('gives a turn no more than its time, where a unit takes longer than it should', async () => {
    let nowMs = 0;
    const slow = { soon: clock.soon.bind(clock), monotonicMs: () => nowMs };
    const share = new SharedLoop(slow, 1_600, 5);
    const spent: boolean[] = [];
    for (let i = 0; i < 12; i += 1) {
      nowMs += 1;
      spent.push(share.spend(100));
    }
    expect(spent.indexOf(false)).toBe(5);
    const next = share.turn();
    await clock.advance(1);
    await next;
    expect(share.spend(100)).toBe(true);
  });

  it('costs the loop nothing while nobody works', async () => {
    let asked = 0;
    const soon = (callback: () => void): void => void ((asked += 1), clock.soon(callback));
    const share = new SharedLoop({ soon, monotonicMs: () => 0 }, 10, 1);
    share.spend(1);
    share.spend(1);
    await clock.advance(1_000);
    expect(asked).toBe(1);
  });
});
