import { createHistogram } from 'node:perf_hooks';
import type { WatcherEvidence } from '#libs/oracle/evidence.js';
import type { JournalRow } from '#libs/oracle/history.js';
import { percentileMs, recordMs } from './tally.js';

/** How the lag is measured, for whoever reads the number. */
export const lagDefinition =
  "from the batch's time stamp in the journal, taken before its fsync, to its arrival " +
  'in a diff at each watcher; one clock';

export interface Lag {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * One sample for each batch and each watcher that got it in a diff, late ones after a reconnect
 * included. Batches that a watcher got within a snapshot are no samples: it was not waiting.
 */
export function watcherLag(rows: readonly JournalRow[], watchers: readonly WatcherEvidence[]): Lag {
  const batches = rows.filter((row) => row.lastSeq >= row.firstSeq);
  const histogram = createHistogram({ highest: 600_000_000 });
  for (const { frames } of watchers) {
    let next = 0;
    for (const frame of frames) {
      // A batch that ends inside this frame arrived with it.
      while (next < batches.length && batches[next].lastSeq <= frame.to) {
        const batch = batches[next++];
        const inThisDiff = frame.kind === 'diff' && batch.lastSeq > frame.from;
        if (inThisDiff) recordMs(histogram, frame.receivedAtMs - batch.writtenAtMs);
      }
    }
  }
  return {
    count: histogram.count,
    p50Ms: percentileMs(histogram, 50),
    p99Ms: percentileMs(histogram, 99),
    maxMs: histogram.count === 0 ? 0 : histogram.max / 1_000,
  };
}
