import { LRUCache } from 'lru-cache';

import { limits } from '#libs/contracts/limits.js';

export type Query = Readonly<Record<string, unknown>>;

/**
 * Checked query strings of a route that many ask alike, by their text, so that they are read once.
 * One value serves all who ask it: it is frozen, and what follows from it alone may be kept by it.
 * Only for routes whose queries have no secret in them. At most keptQueriesMax of
 * keptQueryCharactersMax each; the least asked go first.
 */
export class KeptQueries {
  private readonly kept = new LRUCache<string, Query>({ max: limits.keptQueriesMax });

  of(text: string): Query | undefined {
    return text.length > limits.keptQueryCharactersMax ? undefined : this.kept.get(text);
  }

  keep(text: string, query: Query): void {
    if (text.length <= limits.keptQueryCharactersMax) this.kept.set(text, Object.freeze(query));
  }
}
