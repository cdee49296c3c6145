import { describe, expect, it } from '@jest/globals';

import { BoundedWork } from './bounded-work.js';

describe('bounded work', () => {
  it('runs so much at once, keeps the rest in line, and refuses what is beyond', async () => {
    const work = new BoundedWork({ atOnceMax: 2, waitingMax: 3 });
    let [running, most] = [0, 0];
    const one = async (): Promise<string> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 'done';
    };
    const results = await Promise.all(Array.from({ length: 8 }, () => work.run(one)));
    expect(results).toEqual([...Array<string>(5).fill('done'), null, null, null]);
    expect([most, work.begun]).toEqual([2, 5]);
  });

  it('goes on after work that fails', async () => {
    const work = new BoundedWork({ atOnceMax: 1, waitingMax: 3 });
    const failing = work.run(() => Promise.reject(new Error('no')));
    const next = work.run(() => Promise.resolve(1));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe(1);
    expect(await work.run(() => Promise.resolve(2))).toBe(2);
  });
});
