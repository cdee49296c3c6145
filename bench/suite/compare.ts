import type { Spread } from '../summary.js';
import { groupTitle, labelOf } from './labels.js';
import type { SuiteReport } from './suite-report.js';

/**
 * Two reports, row by row. Rates of two runs are of two moments of a machine; what can be compared
 * are ratios within each. A difference is one only when the two bands, lowest to highest round, do
 * not touch.
 */
export interface Difference {
  readonly name: string;
  readonly a: Spread;
  readonly b: Spread;
  readonly verdict: 'higher' | 'lower' | 'within noise';
}

/** Only what both have. */
export function compareReports(a: SuiteReport, b: SuiteReport): Difference[] {
  const theirs = new Map(valuesOf(b));
  return valuesOf(a).flatMap(([name, ours]) => {
    const other = theirs.get(name);
    return other === undefined
      ? []
      : [{ name, a: ours, b: other, verdict: verdictOf(ours, other) }];
  });
}

function valuesOf({ contests, figures }: SuiteReport): [string, Spread][] {
  const ratios = contests.flatMap((line): [string, Spread][] => {
    const { holdfastRatio, duePerSecond, workload, connections } = line;
    // What was due depends on the run: a name must not.
    const due = duePerSecond === null ? null : 0;
    const group = groupTitle({ workload, connections, duePerSecond: due });
    return holdfastRatio === null ? [] : [[`to ${labelOf(line)} (${group})`, holdfastRatio]];
  });
  return [...ratios, ...figures.map(({ name, value }): [string, Spread] => [name, value])];
}

function verdictOf(a: Spread, b: Spread): Difference['verdict'] {
  if (b.min > a.max) return 'higher';
  return b.max < a.min ? 'lower' : 'within noise';
}

export function differenceLines(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return ['the two reports have nothing in common'];
  return differences.map(
    ({ name, a, b, verdict }) => `${name}\n  ${band(a)} -> ${band(b)}  ${verdict}`,
  );
}

const band = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} [${min.toFixed(2)}-${max.toFixed(2)}]`;
