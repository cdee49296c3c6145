import type { SourceFile } from './project-files.js';
import type { Problem } from './rules.js';

/** Skipped before it was ever released: a number that a database may have seen is not reused. */
const never: ReadonlySet<number> = new Set([14]);
const migration = /^libs\/database\/migrations\/(\d{4})_\w+\.sql$/;

/**
 * Migrations are applied in the order of their numbers, and what is slipped in before an applied
 * one is refused at boot: two that are made at the same time must not share one, or leave one out.
 */
export function migrationNumbers(files: readonly SourceFile[]): readonly Problem[] {
  const problems: Problem[] = [];
  let last = 0;
  for (const file of files.map(({ name }) => name).sort()) {
    const number = Number(migration.exec(file)?.[1] ?? NaN);
    if (Number.isNaN(number)) continue;
    const next = never.has(last + 1) ? last + 2 : last + 1;
    if (number !== next) {
      const message = `number ${number} after ${last}, use ${next}`;
      problems.push({ file, line: 0, message });
    }
    last = number;
  }
  return problems;
}
