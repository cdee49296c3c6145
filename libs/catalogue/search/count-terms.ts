import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { beginLettersMax, beginsTerm } from './search-terms.js';

/** Terms of which an event has one or all; or the forms of one word, and what begins with them. */
export type SoleTerm =
  | { readonly kind: 'terms'; readonly terms: readonly string[] }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface TermCount {
  /** Events with the term or what begins with it. */
  readonly any: number;
  /** With the term itself. */
  readonly exact: number;
}

/**
 * How many events a term matches, from the counts that are kept of all terms: a few rows of an
 * index. Exact for a term; of a beginning it counts an event once for each word that has it, so it
 * is an upper bound. At most limits.eventsListedMax.
 */
export async function countTerm(pool: Pool, term: SoleTerm): Promise<TermCount> {
  const exact = term.kind === 'terms' ? term.terms : term.words;
  const isShort = (word: string): boolean => [...word].length <= beginLettersMax;
  const begins = term.kind === 'terms' ? [] : exact.filter((word) => !isShort(word));
  const short = term.kind === 'terms' ? [] : exact.filter(isShort).map(beginsTerm);
  const { rows } = await pool.query<{ any: number; exact: number }>({
    name: 'search-count-terms',
    text: `
      SELECT greatest(
               (SELECT coalesce(max(events), 0) FROM search_term
                 WHERE term = ANY ($1::text[]) OR term = ANY ($2::text[])),
               (SELECT coalesce(max(sum), 0) FROM unnest($3::text[]) AS b (word), LATERAL (
                  SELECT sum(events) FROM search_term
                   WHERE term >= b.word AND term < b.word || chr(1114111)) AS s)
             )::integer AS any,
             (SELECT coalesce(max(events), 0) FROM search_term
               WHERE term = ANY ($1::text[]))::integer AS exact`,
    values: [exact, short, begins],
  });
  const atMost = (count: number) => Math.min(count, limits.eventsListedMax);
  return { any: atMost(rows[0].any), exact: atMost(rows[0].exact) };
}
