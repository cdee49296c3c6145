import { spread } from '../summary.js';
import type { Turns } from '../turns/turn-meter.js';
import type { HoldTimes } from './buyers.js';
import type { ListerReport } from './lister-process.js';
import type { OneList } from './side.js';
import type { SlowReaders } from './slow-readers.js';

export interface Look extends OneList {
  readonly turns: Turns;
}

export interface Looks {
  readonly first: Look;
  readonly warm: Look;
  readonly changed: readonly Look[];
  readonly coded: readonly Look[];
}

/** A stretch of a sale without the client who asks for lists, and one beside it. */
export interface SaleRound {
  readonly without: HoldTimes;
  readonly beside: HoldTimes;
  readonly lister: ListerReport;
  readonly seconds: number;
  /** What the client cost the gateway, of one core. */
  readonly cores: number;
  /** The longest turn of either stretch, of processor time; null where the system does not tell. */
  readonly turnMs: readonly [number | null, number | null];
}

export interface BuildLists {
  readonly name: string;
  readonly looks: Looks;
  readonly slow: SlowReaders;
  readonly sale: SaleRound[];
}

/** A table in Markdown, one column for each build. */
export function seatLines(builds: readonly BuildLists[]): string[] {
  const row = (name: string, of: (build: BuildLists) => string): string =>
    `| ${name} | ${builds.map(of).join(' | ')} |`;
  const sale = (of: (round: SaleRound) => number, digits: number) => (build: BuildLists) =>
    median(build.sale.map(of)).toFixed(digits);
  return [
    row('50,000 seats', ({ name }) => name),
    `|---|${builds.map(() => '---|').join('')}`,
    row('first list: longest turn (CPU), longest GC pause (clock), answered after', ({ looks }) =>
      lookText([looks.first]),
    ),
    row('the same again', ({ looks }) => lookText([looks.warm])),
    row('after a change, median', ({ looks }) => lookText(looks.changed)),
    row('bytes as it is', ({ looks }) => String(looks.first.bytes)),
    row('bytes for who takes gzip', ({ looks }) => codedText(looks.coded[0])),
    row('bytes for who takes brotli', ({ looks }) => codedText(looks.coded[1])),
    row('memory at most beside readers who read nothing, MiB; before them', ({ slow }) =>
      [slow.peakBytes, slow.beforeBytes].map(inMiB).join('; '),
    ),
    row('of them, got their whole list when they read', ({ slow }) =>
      [slow.whole, slow.readers].join(' of '),
    ),
    row(
      'a sale, longest turn, ms of CPU',
      sale(({ turnMs: [one] }) => one ?? NaN, 1),
    ),
    row(
      'beside a client who asks as it may',
      sale(({ turnMs: [, two] }) => two ?? NaN, 1),
    ),
    row(
      "other buyers' holds, p50 / p99 ms",
      pairs((round) => round.without),
    ),
    row(
      'the same beside that client',
      pairs((round) => round.beside),
    ),
    row('holds that failed', ({ sale: rounds }) =>
      String(rounds.reduce((sum, { without, beside }) => sum + without.failed + beside.failed, 0)),
    ),
    row(
      'lists a second that it got',
      sale(({ lister, seconds }) => lister.lists / seconds, 1),
    ),
    row(
      'of one core, what it cost',
      sale(({ cores }) => cores, 3),
    ),
  ];
}

const pairs =
  (of: (round: SaleRound) => HoldTimes) =>
  ({ sale }: BuildLists): string =>
    [(one: HoldTimes) => one.p50Ms, (one: HoldTimes) => one.p99Ms]
      .map((time) => median(sale.map((round) => time(of(round)))).toFixed(1))
      .join(' / ');

function lookText(looks: readonly Look[]): string {
  const cpu = median(looks.map(({ turns }) => turns.cpuMs ?? NaN));
  const pause = median(looks.map(({ turns }) => turns.pauseMs));
  const took = median(looks.map(({ tookMs }) => tookMs));
  return `${cpu.toFixed(1)} ms, ${pause.toFixed(1)} ms, ${took.toFixed(0)} ms`;
}

const inMiB = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const codedText = ({ bytes, coding }: Look): string => `${bytes} (${coding})`;

const median = (values: readonly number[]): number => spread(values).median;
