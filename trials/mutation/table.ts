import path from 'node:path';
import { markdownTable } from '#tools/docs/markdown-table.js';
import { families } from './all.js';
import type { Outcome } from './outcome.js';

/** The page that has the table, and the lines between which it stands there. */
export const pagePath = 'docs/reliability.md';
const [begin, end] = ['<!-- mutation table -->', '<!-- end of the mutation table -->'];

/** Totals by family and a row per guard, of those that were tried. */
export function mutationTables(outcomes: readonly Outcome[]): string {
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  const tried = Object.entries(families).map(([family, members]) => {
    const rows = members.flatMap((mutation) => {
      const outcome = byName.get(mutation.name);
      return outcome === undefined ? [] : [{ ...mutation, ...outcome }];
    });
    return { family, rows };
  });
  const totals = tried
    .filter(({ rows }) => rows.length > 0)
    .map(({ family, rows }) => [family, ...figures(rows)]);
  const rows = tried.flatMap((one) => one.rows);
  return [
    markdownTable(
      ['Family', 'Guards', 'Caught', 'Survived', 'Inconclusive', 'Seconds'],
      [...totals, ['all', ...figures(outcomes)]],
    ),
    '',
    markdownTable(
      ['Name', 'Guard taken out', 'For', 'Caught by', 'Seconds'],
      rows.map((row) => [
        `\`${row.name}\``,
        row.guard,
        row.guarantee,
        caughtBy(row),
        row.seconds.toFixed(1),
      ]),
    ),
  ].join('\n');
}

/** The page with the tables in their place. */
export function withTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${pagePath} has no place for the mutation table`);
  return `${page.slice(0, from)}${begin}\n\n${tables}\n\n${page.slice(to)}`;
}

function figures(outcomes: readonly Outcome[]): string[] {
  const count = (verdict: Outcome['verdict']): string =>
    String(outcomes.filter((outcome) => outcome.verdict === verdict).length);
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  return [
    String(outcomes.length),
    count('caught'),
    count('survived'),
    count('inconclusive'),
    seconds.toFixed(0),
  ];
}

function caughtBy({ verdict, spec, by }: Outcome): string {
  if (verdict !== 'caught') return `**${verdict}** ${by}`.trim();
  return `[${path.basename(spec)}](../${spec}), ${by}`;
}
