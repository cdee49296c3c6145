import { counted } from './report.js';
import type { SlowReport } from './slow.js';
import { verdictLines } from './verdict.js';

/** More than its share, and a tenth, is more than needed. */
const tolerance = 1.1;

/** No ping-pong, the least of moves for a shard that came back, and a plan that then is empty. */
export const slowPassed = ({ comeback, apply, ...report }: SlowReport): boolean =>
  comeback.planned > 0 &&
  comeback.planned <= Math.ceil(comeback.share * tolerance) &&
  comeback.again === 0 &&
  apply.failed.length === 0 &&
  Math.max(...report.movesOfEvent) <= 1 &&
  Object.keys(report.errors).length === 0 &&
  report.oracle.wrong.length === 0;

export function slowLines(report: SlowReport): string[] {
  const { comeback, apply, movesOfEvent } = report;
  const times = (wanted: number): number => movesOfEvent.filter((n) => n === wanted).length;
  const most = Math.max(...movesOfEvent);
  return [
    report.machine,
    `three shards, ${report.events} events, ${report.holds} holds by buyers meanwhile`,
    '',
    'a shard that was killed is back:',
    `  rebalance plan: ${comeback.planned} moves (a share is ${comeback.share})`,
    `  rebalance apply: ${apply.moved} moved, ${apply.failed.length} failed`,
    `  rebalance plan again: ${comeback.again} moves`,
    ...apply.failed.slice(0, 5).map((problem) => `  ${problem}`),
    '',
    `a shard at half speed for ${report.slowSeconds} s, ${report.misplaced} events out of place:`,
    `  changes of owner of an event: at most ${most}`,
    `  moved never ${times(0)}, once ${times(1)}, more often ` +
      `${movesOfEvent.filter((n) => n > 1).length}`,
    `errors to buyers: ${counted(report.errors)}`,
    '',
    ...verdictLines(report.oracle),
  ];
}
