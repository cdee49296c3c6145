import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { Compression } from '../http/compression.js';
import { ReadyPages, type PageText } from './ready-pages.js';

const text = (body: string): PageText => ({ text: body, headers: [] });

describe('pages about venues and performers', () => {
  let clock: VirtualClock;
  let pages: ReadyPages;
  let reads: number;
  let answers: (found: PageText | null) => void;

  beforeEach(() => {
    clock = new VirtualClock();
    pages = new ReadyPages(
      new Compression({ atOnceMax: 1, waitingMax: 1 }),
      clock,
      limits.readyPagesBytesMax,
    );
    reads = 0;
  });

  const find = async (key = 'ven_1') => {
    const page = await pages.find(key, () => {
      reads += 1;
      return new Promise((resolve) => (answers = resolve));
    });
    return page?.as.tags.identity;
  };

  it('are read once for all who ask at the same time, and again when they are old', async () => {
    const both = [find(), find()];
    answers(text('{"a":1}'));
    expect(new Set(await Promise.all(both)).size).toBe(1);
    await find();
    expect(reads).toBe(1);
    await clock.advance(limits.readyPageFreshMs + 1);
    const later = find();
    answers(text('{"a":2}'));
    expect([(await later) === (await both[0]), reads]).toEqual([false, 2]);
  });

  it('that were being read when something changed are for those who waited alone', async () => {
    const waiting = find();
    const before = answers;
    await clock.advance(10);
    pages.allChanged();
    before(text('{"old":1}'));
    const old = await waiting;
    const after = find();
    answers(text('{"new":1}'));
    expect(await after).not.toBe(old);
    expect(await find()).toBe(await after);
    expect(reads).toBe(2);
    pages.allChanged();
    const last = find();
    answers(text('{"newest":1}'));
    expect([(await last) === (await after), reads]).toEqual([false, 3]);
  });

  it('that are not there are not looked for again at once', async () => {
    const missing = find('ven_9');
    answers(null);
    expect([await missing, await find('ven_9'), reads]).toEqual([undefined, undefined, 1]);
    pages.allChanged();
    const again = find('ven_9');
    answers(text('{}'));
    expect(await again).toBeDefined();
  });

  it('are bounded by their bytes', async () => {
    const heavy = 'x'.repeat(limits.readyPagesBytesMax / 4);
    for (let i = 0; i < 8; i += 1) {
      const page = find(`ven_${i}`);
      answers(text(heavy));
      await page;
    }
    expect(pages.bytes).toBeLessThanOrEqual(limits.readyPagesBytesMax);
  });
});
