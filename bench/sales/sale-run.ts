import type pg from 'pg';
import { cpuSpent, cpuUse, type CpuUse } from '../cpu-use.js';
import type { LoadResult } from '../load/plan.js';
import { activate, type Bench } from '../rounds.js';
import { seatsHeld } from '../safety.js';
import { spread, type Spread } from '../summary.js';
import type { SaleKind } from './kinds.js';

/** One kind of sale, once. */
export interface SaleRun {
  readonly kind: string;
  readonly result: LoadResult;
  readonly cpu: CpuUse | null;
  /** What the journals say against what buyers were told. */
  readonly wrong: readonly string[];
}

export interface SaleTimes {
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const timeoutMs = 5_000;

/** On events of its own, whose journals are verified when it is over. */
export async function runSale(
  { bench, pool }: { readonly bench: Bench; readonly pool: pg.Pool },
  kind: SaleKind,
  times: SaleTimes,
): Promise<SaleRun> {
  const { eventIds, bodies } = await kind.open(pool);
  // One that stands for many is what wakes; a single event is up before anything is timed.
  if (eventIds.length === 1) await activate(bench, eventIds[0]);
  const before = cpuUse(bench.processes);
  const result = await bench.generator.run({
    host: bench.gatewayUrl.hostname,
    port: Number(bench.gatewayUrl.port),
    ...times,
    timeoutMs,
    arrivals: { kind: 'closed' },
    requests: { method: 'POST', path: '/v1/reservations', users: bench.users, ...bodies },
  });
  const cpu = cpuSpent(before, cpuUse(bench.processes));
  return { kind: kind.name, result, cpu, wrong: await wrongIn(pool, eventIds, result) };
}

/** Requests without an answer may have had their effect. */
export async function wrongIn(
  pool: pg.Pool,
  eventIds: readonly string[],
  { total }: Pick<LoadResult, 'total'>,
): Promise<string[]> {
  const wrong: string[] = [];
  let inJournal = 0;
  for (const eventId of eventIds) {
    const held = await seatsHeld(pool, eventId);
    inJournal += held.made;
    wrong.push(...held.wrong.map((text) => `${eventId}: ${text}`));
  }
  const { accepted, errors, timeouts } = total;
  if (inJournal < accepted || inJournal > accepted + errors + timeouts) {
    wrong.push(`${accepted} holds acknowledged, ${inJournal} in the journals`);
  }
  return wrong;
}

/** All rounds of one kind. */
export interface SaleLine {
  readonly kind: string;
  readonly acceptedPerSecond: Spread;
  readonly refused: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  /** All processes but the generator; null: not told. */
  readonly cpuUsPerHold: Spread | null;
  /** Rate to the first kind's, round by round; null for that kind. */
  readonly toFirst: Spread | null;
  readonly wrong: readonly string[];
}

export const holdsPerSecond = ({ result }: Pick<SaleRun, 'result'>): number =>
  (result.window.accepted / result.measuredMs) * 1_000;

/** In the order of `kinds`; what did not run is not there. */
export function saleLines(runs: readonly SaleRun[], kinds: readonly string[]): SaleLine[] {
  const of = (name: string) => runs.filter(({ kind }) => kind === name);
  const first = of(kinds[0]);
  return kinds.flatMap((kind, index) => {
    const own = of(kind);
    if (own.length === 0) return [];
    const sum = (field: 'refused' | 'errors' | 'timeouts') =>
      own.reduce((all, { result }) => all + result.window[field], 0);
    const middle = (field: 'p50' | 'p99' | 'p999') =>
      spread(own.map(({ result }) => result.latencyUs[field])).median;
    const ratios = own.slice(0, first.length).map((run, round) => {
      return holdsPerSecond(run) / holdsPerSecond(first[round]);
    });
    return [
      {
        kind,
        acceptedPerSecond: spread(own.map(holdsPerSecond)),
        ...{ refused: sum('refused'), errors: sum('errors'), timeouts: sum('timeouts') },
        ...{ p50Us: middle('p50'), p99Us: middle('p99'), p999Us: middle('p999') },
        cpuUsPerHold: cpuOf(own),
        toFirst: index === 0 || ratios.length === 0 ? null : spread(ratios),
        wrong: own.flatMap(({ wrong }) => wrong),
      },
    ];
  });
}

function cpuOf(runs: readonly SaleRun[]): Spread | null {
  const each = runs.flatMap(({ cpu, result }) => {
    if (cpu === null || result.total.accepted === 0) return [];
    return [Object.values(cpu).reduce((all, us) => all + us, 0) / result.total.accepted];
  });
  return each.length === 0 ? null : spread(each);
}

const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (us: number): string => (us / 1_000).toFixed(us < 10_000 ? 2 : 0);
const band = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;

/** For people, at most 80 columns. */
export function saleText(lines: readonly SaleLine[]): string[] {
  const head = ['accepted/s', 'refused', 'errors', 'p50', 'p99', 'p99.9 ms', 'CPU us'];
  const cells = (name: string, rest: readonly string[]) =>
    name.padEnd(16) + rest.map((text) => text.padStart(9)).join('');
  const rows = lines.map((line) =>
    cells(line.kind, [
      thousands(line.acceptedPerSecond.median),
      thousands(line.refused),
      thousands(line.errors + line.timeouts),
      ms(line.p50Us),
      ms(line.p99Us),
      ms(line.p999Us),
      line.cpuUsPerHold === null ? '-' : line.cpuUsPerHold.median.toFixed(1),
    ]),
  );
  const ratios = lines.flatMap(({ kind, toFirst }) =>
    toFirst === null ? [] : [`${kind.padEnd(16)} ${band(toFirst)} of the rate of ${lines[0].kind}`],
  );
  const wrong = lines.flatMap((line) => line.wrong.slice(0, 5).map((text) => `WRONG: ${text}`));
  const safe = wrong.length === 0 ? ['safety           ok: every journal was verified'] : wrong;
  return [cells('', head), ...rows, '', ...ratios, ...safe];
}
