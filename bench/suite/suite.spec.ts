import { describe, expect, it } from '@jest/globals';
import { compareReports, differenceLines } from './compare.js';
import { suitePage } from './html-page.js';
import type { SuiteReport } from './suite-report.js';
import { sampleReport } from './testing/sample-report.js';

describe('The page of the suite', () => {
  const page = suitePage(sampleReport);

  it('is one file: no script, no style sheet, no picture and no address of another place', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|https?:|url\(/);
  });

  it('has the strongest competitor first, which keeps what it says', () => {
    const [first] = /<h2>[^<]*<\/h2>/.exec(page) ?? [];
    expect(first).toBe('<h2>The strongest competitor: Redis Lua, all of a tick, fsync</h2>');
  });

  it('takes no text of the machine for markup', () => {
    expect(page).toContain('An &lt;invented&gt; processor');
    expect(page).not.toContain('<invented>');
  });

  it('says what was missed, what did not run, and where Holdfast loses', () => {
    expect(page).toMatch(/bytes an idle socket.*at most 8<\/td><td>missed/);
    expect(page).toContain('SQLite, batched: this Node has none');
    expect(page).toContain('Redis Lua, all of a tick, fsync accepts more: Holdfast is 0.75');
    expect(page).not.toMatch(/bare server[^<]*accepts more/);
  });

  it('has well-formed markup: every tag that opens is closed in its order', () => {
    const open: string[] = [];
    const single = new Set(['meta', 'br', '!doctype']);
    for (const [, closes, name, within] of page.matchAll(/<(\/?)([a-z!][a-z0-9]*)([^>]*)>/g)) {
      if (closes !== '') expect(open.pop()).toBe(name);
      else if (!single.has(name) && !within.endsWith('/')) open.push(name);
    }
    expect(open).toEqual([]);
  });
});

describe('Two reports compared', () => {
  const changed = (ratio: number): SuiteReport => ({
    ...sampleReport,
    contests: sampleReport.contests.map((line) =>
      line.competitor === 'bare'
        ? { ...line, holdfastRatio: { median: ratio, min: ratio - 0.02, max: ratio + 0.02 } }
        : line,
    ),
  });
  const verdictOf = (b: SuiteReport) =>
    compareReports(sampleReport, b).find(({ name }) => name.includes('bare'))?.verdict;

  it('finds a difference only where the bands do not touch', () => {
    expect(verdictOf(changed(0.39))).toBe('within noise');
    expect(verdictOf(changed(0.45))).toBe('higher');
    expect(verdictOf(changed(0.3))).toBe('lower');
  });

  it('compares only what both have, and says when that is nothing', () => {
    const other = { ...sampleReport, contests: [], figures: [] };
    expect(differenceLines(compareReports(sampleReport, other))).toEqual([
      'the two reports have nothing in common',
    ]);
    expect(compareReports(sampleReport, sampleReport)).toHaveLength(5);
  });
});
