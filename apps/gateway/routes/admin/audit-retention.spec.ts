import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { keepAudit } from './audit-retention.js';

describe('the record of who asked for what', () => {
  const dayMs = 86_400_000;

  async function swept(days: number, forget?: () => Promise<number>) {
    const clock = new VirtualClock();
    const asked: [olderThanMs: number, most: number][] = [];
    const office = {
      forgetAudit(olderThanMs: number, most: number) {
        asked.push([olderThanMs, most]);
        return forget?.() ?? Promise.resolve(0);
      },
    };
    const end = keepAudit({ office, clock, log: silentLog() }, days);
    await clock.advance(2 * limits.auditSweepMs);
    end();
    await clock.advance(limits.auditSweepMs);
    return asked;
  }

  it('is kept for the days configured, and shortened by a bounded batch a run', async () => {
    const batch = [400 * dayMs, limits.auditSweptMax];
    expect(await swept(400)).toEqual([batch, batch]);
  });

  it('is kept for ever with 0 days', async () => {
    expect(await swept(0)).toEqual([]);
  });

  it('is tried again after the database was away', async () => {
    expect(await swept(1, () => Promise.reject(new Error('away')))).toHaveLength(2);
  });
});
