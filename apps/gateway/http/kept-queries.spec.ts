import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { KeptQueries } from './kept-queries.js';

describe('a query string that was read before', () => {
  it('is the same value again, which nobody changes', () => {
    const kept = new KeptQueries();
    kept.keep('page=2', { page: 2 });
    expect(kept.of('page=2')).toEqual({ page: 2 });
    expect(kept.of('page=2')).toBe(kept.of('page=2'));
    expect(Object.isFrozen(kept.of('page=2'))).toBe(true);
    expect(kept.of('page=02')).toBeUndefined();
  });

  it('is forgotten when others are asked more, and never kept when it is long', () => {
    const kept = new KeptQueries();
    const long = 'k'.repeat(limits.keptQueryCharactersMax + 1);
    kept.keep(long, {});
    kept.keep('first', {});
    for (let i = 0; i < limits.keptQueriesMax; i++) kept.keep(`keyword=${i}`, {});
    expect([kept.of(long), kept.of('first')]).toEqual([undefined, undefined]);
    expect(kept.of('keyword=0')).toEqual({});
  });
});
