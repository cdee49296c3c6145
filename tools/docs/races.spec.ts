import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';

/** Tables of docs/reliability.md name tests: they must be there, word for word. */
const page = readFileSync(path.join(projectRoot, 'docs/reliability.md'), 'utf8');

function rowsOf(section: string): string[] {
  const start = page.indexOf(`\n## ${section}\n`);
  const end = page.indexOf('\n## ', start + 1);
  const lines = page.slice(start, end < 0 ? undefined : end).split('\n');
  return lines.filter((line) => /^\| \d+ /.test(line));
}

const namesIn = (row: string): { file: string; name: string }[] =>
  [...row.matchAll(/\]\(([^)]+)\): “([^”]+)”/g)].map(([, file, name]) => ({ file, name }));

/** As it stands in the source, in one or two lines. */
const hasTest = (text: string, name: string): boolean =>
  ["'", '"', '`'].some((quote) => new RegExp(`\\(\\s*${escaped(quote + name + quote)}`).test(text));

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

describe.each([
  ['The races', 23],
  ['Money', 21],
])('the rows under "%s" of docs/reliability.md', (section, count) => {
  const rows = rowsOf(section);

  it(`are ${count}, numbered in their order`, () => {
    const numbers = rows.map((row) => Number(/\d+/.exec(row)?.[0]));
    expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it('have tests that exist', () => {
    const missing = rows.flatMap((row) => {
      const tests = namesIn(row);
      if (tests.length === 0) return [`no test: ${row.slice(0, 40)}`];
      return tests
        .filter(({ file, name }) => !hasTest(textOf(file), name))
        .map(({ file, name }) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('would be missed if a test were renamed', () => {
    const [{ file, name }] = namesIn(rows[0]);
    expect(hasTest(textOf(file), name)).toBe(true);
    expect(hasTest(textOf(file), `${name} now`)).toBe(false);
  });
});

const textOf = (file: string): string => readFileSync(path.join(projectRoot, 'docs', file), 'utf8');
