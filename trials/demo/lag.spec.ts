import { describe, expect, it } from '@jest/globals';
import type { JournalRow } from '#libs/oracle/history.js';
import { watcherLag } from './lag.js';

const row = (
  batchNo: number,
  firstSeq: number,
  lastSeq: number,
  writtenAtMs: number,
): JournalRow => ({
  batchNo,
  epoch: 1,
  firstSeq,
  lastSeq,
  prevHash: new Uint8Array(32),
  hash: new Uint8Array(32),
  facts: new Uint8Array(lastSeq < firstSeq ? 0 : 1),
  writtenAtMs,
});
const frame = (kind: 'snapshot' | 'diff', from: number, to: number, receivedAtMs: number) => ({
  kind,
  from,
  to,
  mapHash: 0,
  receivedAtMs,
});
const watcher = (...frames: ReturnType<typeof frame>[]) => ({
  name: 'w',
  frames,
  finalMap: new Map(),
});

describe('The lag of watchers', () => {
  const rows = [row(1, 1, 0, 50), row(2, 1, 3, 100), row(3, 4, 5, 200), row(4, 6, 6, 300)];

  it('runs from the time stamp of each batch to the diff that brought it', () => {
    const seen = watcher(
      frame('snapshot', 0, 0, 90),
      frame('diff', 0, 5, 210),
      frame('diff', 5, 6, 340),
    );
    // 110 ms for batch 2, 10 ms for batch 3, 40 ms for batch 4.
    const lag = watcherLag(rows, [seen]);
    expect(lag.count).toBe(3);
    expect(lag.p50Ms).toBeCloseTo(40, 0);
    expect(lag.maxMs).toBeCloseTo(110, 0);
  });

  it('does not count what came within a snapshot', () => {
    const seen = watcher(frame('snapshot', 5, 5, 9_000), frame('diff', 5, 6, 301));
    expect(watcherLag(rows, [seen])).toMatchObject({ count: 1 });
    expect(watcherLag(rows, [])).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
  });
});
