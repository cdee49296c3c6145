import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { SharedLoop } from './loop-share.js';

const clock = new VirtualClock();

/** Works that each do `pieces` pieces of `units`, and what was done in which turn of the loop. */
async function work(names: readonly string[], pieces: number, units: number, perTurn: number) {
  const share = new SharedLoop(clock, perTurn);
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

  it('costs the loop nothing while nobody works', async () => {
    let asked = 0;
    const counting = { soon: (callback: () => void) => void ((asked += 1), clock.soon(callback)) };
    const share = new SharedLoop(counting, 10);
    share.spend(1);
    share.spend(1);
    await clock.advance(1_000);
    expect(asked).toBe(1);
  });
});
