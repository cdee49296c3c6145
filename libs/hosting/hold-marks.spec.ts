import { describe, expect, it } from '@jest/globals';
import type { HoldId } from '#libs/inventory/inventory.js';
import { wholeLoop } from '#libs/platform/loop-share.js';
import { HoldMarks } from './hold-marks.js';

const ids = (event: string, count: number): HoldId[] =>
  Array.from(
    { length: count },
    (_, i) => `rsv_${event}_${i.toString(36).padStart(16, '0')}` as HoldId,
  );

describe('the marks of holds', () => {
  it('find all that are there, and next to nothing else', async () => {
    const marks = await HoldMarks.of(ids('show', 20_000), wholeLoop);
    expect(ids('show', 20_000).every((id) => marks.mayHave(id))).toBe(true);
    const others = ids('other', 20_000).filter((id) => marks.mayHave(id));
    expect(others.length).toBeLessThan(5);
    expect(marks.bytes).toBe(80_000);
  });

  it('find nothing where nothing is', async () => {
    const marks = await HoldMarks.of([], wholeLoop);
    expect(marks.mayHave('rsv_show_0000000000000000' as HoldId)).toBe(false);
  });

  it('are made in pieces', async () => {
    let turns = 0;
    const share = { spend: () => false, turn: () => Promise.resolve(void (turns += 1)) };
    await HoldMarks.of(ids('show', 5_000), share);
    expect(turns).toBeGreaterThan(10);
  });
});
