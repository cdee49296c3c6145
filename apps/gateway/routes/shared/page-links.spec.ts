import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';

import { pageLinks, type AskedPage } from './page-links.js';

const asked = (more: Partial<AskedPage>): AskedPage => ({
  path: '/v1/events',
  query: {},
  page: 1,
  pageSize: 20,
  total: 100,
  ...more,
});

/** Relation to target. */
function linksOf(more: Partial<AskedPage>): Record<string, string> {
  const header = pageLinks(asked(more));
  return Object.fromEntries(
    header.split(', ').map((link) => {
      const [, target, rel] = /^<([^<>]+)>; rel="(\w+)"$/.exec(link) ?? [];
      return [rel, target];
    }),
  );
}

describe('the links of a page', () => {
  it('lead to the first and last page and to those beside it', () => {
    expect(linksOf({ page: 3 })).toEqual({
      first: '/v1/events?page=1',
      prev: '/v1/events?page=2',
      next: '/v1/events?page=4',
      last: '/v1/events?page=5',
    });
    expect(Object.keys(linksOf({ page: 1 }))).toEqual(['next', 'first', 'last']);
    expect(Object.keys(linksOf({ page: 5 }))).toEqual(['prev', 'first', 'last']);
    expect(linksOf({ total: 0 })).toEqual({
      first: '/v1/events?page=1',
      last: '/v1/events?page=1',
    });
  });

  it('keep the rest of the query, in letters that a header may have', () => {
    const query = { keyword: 'a, b>; "ü', city: '', pageSize: 20, page: 1 };
    const { next } = linksOf({ query, path: '/v1/events/search' });
    const url = new URL(next, 'http://x');
    expect(url.pathname).toBe('/v1/events/search');
    expect([...url.searchParams]).toEqual([
      ['keyword', 'a, b>; "ü'],
      ['pageSize', '20'],
      ['page', '2'],
    ]);
    expect(next).toMatch(/^[!-~]+$/);
  });

  it('lead back from beyond the end, and never beyond what `page` may be', () => {
    expect(linksOf({ page: 9 })).toMatchObject({ prev: '/v1/events?page=5' });
    const huge = linksOf({ page: limits.pageMax, total: 1e9, pageSize: 1 });
    expect(huge.last).toBe(`/v1/events?page=${limits.pageMax}`);
    expect(huge.next).toBeUndefined();
  });

  it('leave some out of a header that would be too long, the way on last (PL1)', () => {
    const long = '東'.repeat(limits.keywordLengthMax);
    const time = '2027-03-01T19:30:00.000+01:00';
    const query = { keyword: long, city: long, start: time, end: time, pageSize: 100, page: 7 };
    const header = pageLinks(asked({ query, page: 7, total: 1e6 }));
    expect(header.length).toBeLessThanOrEqual(limits.linkBytesMax);
    expect(header).toMatch(/^<[^<>]+page=8>; rel="next"$/);
  });
});
