import type { PoolClient } from 'pg';
import { beginLettersMax, beginsTerm } from './search-terms.js';

/** What one part of a search asks for, as far as its events are counted beforehand. */
export interface CountedPart {
  /** `terms`: as they are; `words`: they, and what begins with them. */
  readonly kind: 'terms' | 'words';
  readonly terms: readonly string[];
  /** `forms` of one thing are had by the same events; `others` by events of their own. */
  readonly are: 'forms' | 'others';
}

export interface PartCount {
  /** Events with a term or what begins with it. */
  readonly any: number;
  /** With the term itself. */
  readonly exact: number;
}

/**
 * How many events each part matches, from the counts that are kept of all terms: a few rows of
 * search_term_pkey. Exact for a term; of a beginning it counts an event once for each word that has
 * it, so it is an upper bound.
 */
export async function countParts(
  client: PoolClient,
  parts: readonly CountedPart[],
): Promise<PartCount[]> {
  if (parts.length === 0) return [];
  const ranges = parts.flatMap((part, index) =>
    part.terms.map((term) => rangeOf(part, term, index)),
  );
  const { rows } = await client.query<{ part: number; any: number; exact: number }>({
    name: 'search-count-terms',
    text: `
      SELECT r.part, coalesce(begins.events, 0)::integer AS any,
             coalesce(term.events, 0) AS exact
        FROM unnest((SELECT $1::integer[]), (SELECT $2::text[]), (SELECT $3::text[]),
                    (SELECT $4::text[])) AS r (part, word, low, high)
       CROSS JOIN LATERAL (SELECT sum(events) AS events FROM search_term
                            WHERE term >= r.low AND term <= r.high) AS begins
        LEFT JOIN search_term AS term ON term.term = r.word`,
    values: [
      ranges.map(({ part }) => part),
      ranges.map(({ word }) => word),
      ranges.map(({ low }) => low),
      ranges.map(({ high }) => high),
    ],
  });
  return parts.map(({ are }, index) => {
    const counts = rows.filter(({ part }) => part === index);
    const of = (each: readonly number[]): number =>
      are === 'forms' ? Math.max(0, ...each) : each.reduce((all, count) => all + count, 0);
    return { any: of(counts.map(({ any }) => any)), exact: of(counts.map(({ exact }) => exact)) };
  });
}

interface Range {
  readonly part: number;
  readonly word: string;
  readonly low: string;
  readonly high: string;
}

/** Beginnings of one or two letters are terms of their own. */
function rangeOf({ kind }: CountedPart, word: string, part: number): Range {
  if (kind === 'terms') return { part, word, low: word, high: word };
  const begins = beginsTerm(word);
  if ([...word].length <= beginLettersMax) return { part, word, low: begins, high: begins };
  return { part, word, low: word, high: word + lastLetter };
}

const lastLetter = '\u{10ffff}';
