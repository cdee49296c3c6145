import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { keepRooms } from './room-retention.js';

describe('a closed waiting room', () => {
  async function swept(answer: () => Promise<number>) {
    const clock = new VirtualClock();
    const asked: [closedMsAgo: number, most: number][] = [];
    const sweep = (closedBeforeMs: number, most: number): Promise<number> => {
      asked.push([clock.nowMs() - closedBeforeMs, most]);
      return answer();
    };
    const end = keepRooms({ roomStore: { sweep }, clock, log: silentLog() });
    await clock.advance(2 * limits.roomSweepMs);
    end();
    await clock.advance(limits.roomSweepMs);
    return asked;
  }

  it('is kept for its time, and removed by a bounded batch a run', async () => {
    const batch = [limits.roomKeptMs, limits.roomSweptMax];
    expect(await swept(() => Promise.resolve(7))).toEqual([batch, batch]);
  });

  it('is tried again after the database was away', async () => {
    expect(await swept(() => Promise.reject(new Error('away')))).toHaveLength(2);
  });
});
