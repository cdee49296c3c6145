import type { SweepLine } from '../suite/suite-report.js';
import type { PeerEntry } from './peers.js';
import type { Competitor, NotRun } from './competitor.js';
import type { ContestRun, Round } from './contest.js';
import type { Setting } from './hold-store.js';
import { workloads } from './workloads.js';

const round: Round = {
  workload: workloads[0],
  connections: 256,
  arrivals: { kind: 'closed' },
  warmUpMs: 1_000,
  measureMs: 1_200,
};

/** Each setting of a peer for a moment; the best is what takes part. */
export async function sweep(
  entry: PeerEntry,
  start: (setting: Setting) => Promise<Competitor | NotRun>,
  runOne: (competitor: Competitor, round: Round) => Promise<ContestRun>,
): Promise<{ readonly best: Setting; readonly lines: SweepLine[] }> {
  let best = entry.settings[0];
  if (entry.settings.length === 1) return { best, lines: [] };
  let bestRate = -1;
  const tried: SweepLine[] = [];
  for (const setting of entry.settings) {
    const peer = await start(setting);
    if ('reason' in peer) return { best, lines: [] };
    try {
      const { result } = await runOne(peer, round);
      const rate = (result.window.accepted / result.measuredMs) * 1_000;
      const line = { competitor: entry.name, setting: peer.setting, acceptedPerSecond: rate };
      tried.push({ ...line, best: false });
      if (rate > bestRate) [best, bestRate] = [setting, rate];
    } finally {
      await peer.stop();
    }
  }
  const lines = tried.map((line) => ({ ...line, best: line.acceptedPerSecond === bestRate }));
  return { best, lines };
}
