import { spread } from '../summary.js';
import type { FanOut, Rate } from './measure.js';
import type { EdgeName } from './sides.js';

/** What one edge did in all rounds. */
export interface EdgeRounds {
  readonly holds256: readonly Rate[];
  readonly holds64: readonly Rate[];
  readonly notModified: readonly Rate[];
  readonly fanOut: readonly FanOut[];
}

export type AllRounds = Readonly<Record<EdgeName, EdgeRounds>>;

/** Half of what the other one does, and a live map that is alive. */
export const floors = { ratio: 0.5, fanOutP99Ms: 250 } as const;

const median = (values: readonly number[]): number => spread(values).median;
const thousands = (value: number): string => `${(value / 1_000).toFixed(1)} k/s`;

/** Rows of a table in Markdown. */
export function edgeLines(rounds: AllRounds): string[] {
  return [
    '| | `uws` | `node` | ratio |',
    '|---|---|---|---|',
    rateLine('durable holds, 256 connections', rounds, (edge) => edge.holds256),
    rateLine('durable holds, 64 connections', rounds, (edge) => edge.holds64),
    rateLine('seat maps not modified (304), 64 connections', rounds, (edge) => edge.notModified),
    ...fanOutLines(rounds),
  ];
}

function rateLine(
  name: string,
  { uws, node }: AllRounds,
  of: (edge: EdgeRounds) => readonly Rate[],
): string {
  const ratio = spread(of(node).map((rate, i) => rate.perSecond / of(uws)[i].perSecond));
  const shown = [uws, node].map((edge) => {
    const rates = of(edge);
    const costs = rates.flatMap(({ gatewayUs }) => gatewayUs ?? []);
    const cost = costs.length === 0 ? '' : `, ${median(costs).toFixed(1)} us of the gateway each`;
    return thousands(median(rates.map(({ perSecond }) => perSecond))) + cost;
  });
  const range = `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`;
  return `| ${name} | ${shown.join(' | ')} | ${range} |`;
}

function fanOutLines({ uws, node }: AllRounds): string[] {
  const sides = [uws.fanOut, node.fanOut];
  const row = (name: string, of: (rounds: readonly FanOut[]) => string): string =>
    `| ${name} | ${sides.map(of).join(' | ')} | |`;
  const each = (rounds: readonly FanOut[], of: (one: FanOut) => number, digits = 0): string =>
    median(rounds.map(of)).toFixed(digits);
  const { sockets = 0, changes = 0 } = uws.fanOut.at(0) ?? {};
  return [
    row(
      `${sockets} live maps, ${changes} changes: p50 / p99 / max of every change on every map`,
      (r) =>
        [
          each(r, ({ lagMs }) => lagMs.p50),
          each(r, ({ lagMs }) => lagMs.p99),
          `${each(r, ({ lagMs }) => lagMs.max)} ms`,
        ].join(' / '),
    ),
    row('the same: cores of the gateway', (r) => each(r, (one) => one.gatewayCores ?? NaN, 2)),
    row(
      'memory of the gateway: before, with the maps open, at the end',
      (r) => [0, 1, 2].map((i) => each(r, ({ rssMiB }) => rssMiB[i])).join(', ') + ' MiB',
    ),
  ];
}

/** What is below its floor, or was answered wrong; empty when all is well. */
export function problems({ uws, node }: AllRounds): string[] {
  const kinds = ['holds256', 'holds64', 'notModified'] as const;
  const slow = kinds.flatMap((kind) => {
    const ratios = node[kind].map((rate, i) => rate.perSecond / uws[kind][i].perSecond);
    // Written so that a ratio that is no number falls below every floor.
    return median(ratios) >= floors.ratio ? [] : [`${kind}: less than half`];
  });
  const wrong = kinds.flatMap((kind) => {
    const all = [...uws[kind], ...node[kind]];
    const bad = all.some((rate) => rate.wrong > 0 || rate.perSecond === 0);
    return bad ? [`${kind}: wrong answers, or none`] : [];
  });
  const inTime = median(node.fanOut.map(({ lagMs }) => lagMs.p99)) <= floors.fanOutP99Ms;
  const lost = [...uws.fanOut, ...node.fanOut].some(({ gaps, closed }) => gaps + closed > 0);
  return [
    ...slow,
    ...wrong,
    ...(inTime ? [] : ['a change is late on a live map']),
    ...(lost ? ['a live map was closed, or had a gap'] : []),
  ];
}
