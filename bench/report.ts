import type { DecisionMeasurement } from '#libs/inventory/inventory.bench.js';
import type { Machine } from './machine.js';
import type { Safety } from './safety.js';
import type { Line, Spread } from './summary.js';

export interface BenchReport {
  readonly command: string;
  readonly at: string;
  readonly machine: Machine;
  readonly lines: readonly Line[];
  /** One connection; half the peak in an open loop. Empty with --quick. */
  readonly latency: readonly LatencyLine[];
  readonly core: DecisionMeasurement;
  /** The gateway, and the bare server in its turn, on one core; Holdfast's others on the rest. */
  readonly pinned: boolean;
  /** The load generator was in the idle class, against both servers. */
  readonly generatorGivesWay: boolean;
  readonly safety: Safety;
}

export interface LatencyLine extends Line {
  readonly name: string;
  /** Requests that were due and never sent. */
  readonly dropped: number;
}

const columns = { name: 17, rate: 11, range: 15, refused: 11, errors: 8, p50: 9, p99: 9 };

/** For people, at most 80 columns. */
export function reportLines(report: BenchReport): string[] {
  const { machine, core, safety } = report;
  return [
    'Accepted durable holds/s through HTTP, one event, one seat each; bare server and',
    `Holdfast in turn; the load generator runs on the same ${machine.cores} cores.`,
    '',
    header(),
    ...report.lines.map((line) =>
      row(line.server === 'bare' ? bareName(line) : '  Holdfast', line),
    ),
    ...report.latency.map((line) => row(line.name, line)),
    '',
    ...ratioLines(report.lines),
    ...cpuLines(report.lines),
    `core alone       ${millions(core.decisionsPerSecond)} decisions/s on one core ` +
      `(median ${millions(core.medianPerSecond)})`,
    `fsync            ${machine.fsyncUs} us, median of 8 kB write + fdatasync`,
    `machine          ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB`.slice(
      0,
      80,
    ),
    `${' '.repeat(17)}Node ${machine.node}, Postgres ${machine.postgres}, ` +
      `Linux ${machine.kernel.slice(0, 20)}`,
    `                 ${machine.durability}`,
    ...(report.pinned ? [pinnedLine] : []),
    ...(report.generatorGivesWay ? [givesWayLine] : []),
    ...safetyLines(safety),
  ];
}

const pinnedLine = 'pinned           gateway, or bare server, to one core (npm start -- --pin)';
const givesWayLine = 'load generator   in the idle class, against either server (chrt --idle)';

const bareName = (line: Line): string => `${line.connections} conns, bare`;

function header(): string {
  return cells('', 'accepted/s', 'min-max', 'refused', 'errors', 'p50 ms', 'p99 ms');
}

function row(name: string, line: Line): string {
  const { acceptedPerSecond: rate } = line;
  return cells(
    name,
    thousands(rate.median),
    `${short(rate.min)}-${short(rate.max)}`,
    thousands(line.refused),
    thousands(line.errors + line.timeouts),
    milliseconds(line.p50Us),
    milliseconds(line.p99Us),
  );
}

function cells(name: string, ...rest: readonly string[]): string {
  const [, ...widths] = Object.values(columns);
  return name.padEnd(columns.name) + rest.map((text, i) => text.padStart(widths[i])).join('');
}

function ratioLines(lines: readonly Line[]): string[] {
  return lines.flatMap(({ ratio, connections, rounds }) =>
    ratio === null
      ? []
      : [
          `ratio to bare    ${percent(ratio)} at ${connections} connections ` +
            `(median of ${rounds} rounds)`,
        ],
  );
}

function cpuLines(lines: readonly Line[]): string[] {
  const use = lines.filter((line) => line.server === 'holdfast').at(-1)?.cpuUsPerHold ?? null;
  if (use === null) return [];
  const parts = Object.entries(use)
    .filter(([, us]) => us >= 0.05)
    .sort(([, a], [, b]) => b - a)
    .map(([name, us]) => `${name} ${us.toFixed(1)}`);
  const total = Object.values(use).reduce((sum, us) => sum + us, 0);
  return wrap([`CPU us per hold  total ${total.toFixed(1)}`, ...parts]);
}

function wrap(parts: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line !== '' && line.length + part.length + 2 > 78) {
      lines.push(`${line},`);
      line = `                 ${part}`;
    } else line = line === '' ? part : `${line}, ${part}`;
  }
  return [...lines, line];
}

function safetyLines({ acknowledged, inJournal, events, violations }: Safety): string[] {
  if (violations.length === 0) {
    return [
      `safety           ok: ${thousands(acknowledged)} acknowledged, ` +
        `${thousands(inJournal)} in ${events} verified journals`,
    ];
  }
  return ['safety           FAILED', ...violations.slice(0, 10).map((text) => `  ${text}`)];
}

const percent = ({ median, min, max }: Spread): string =>
  `${(median * 100).toFixed(0)} % [${(min * 100).toFixed(0)}-${(max * 100).toFixed(0)}]`;
const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');
const short = (value: number): string => `${(value / 1_000).toFixed(1)}k`;
const millions = (value: number): string => `${(value / 1_000_000).toFixed(2)} million`;
const milliseconds = (us: number): string => (us / 1_000).toFixed(us < 10_000 ? 2 : 1);
