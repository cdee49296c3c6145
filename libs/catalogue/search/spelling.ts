import type { PoolClient } from 'pg';
import { replaceWords, typedWords, type Keyword } from './search-query.js';

/**
 * Typos. A word that begins no word of the catalogue is replaced by its nearest ones: Postgres
 * proposes by trigrams, the edit distance decides. Trigrams alone put "stage" close to "state" and
 * "hmalet" far from "hamlet"; people leave out, add, change or swap letters, one or two of them.
 */
const candidatesPerWord = 12;
/** Equally near words that are all taken for what was meant, the most similar first. */
const meantMax = 3;

interface Proposal {
  readonly typed: string;
  readonly known: boolean;
  readonly candidates: readonly string[];
}

/** The keyword with its unknown words replaced; null when none is, or one resembles nothing. */
export async function correctKeyword(
  client: PoolClient,
  keyword: Keyword,
): Promise<Keyword | null> {
  const typed = typedWords(keyword);
  const others = typed.length === 0 ? null : await correct(client, 'search_word', typed, 'begins');
  return others === null ? null : replaceWords(keyword, others);
}

/** Keys of cities for those that nobody plays in; null when nothing resembles them. */
export async function correctCity(
  client: PoolClient,
  keys: readonly string[],
): Promise<string[] | null> {
  const others = await correct(client, 'search_city', keys.slice(0, 1), 'is');
  return others === null ? null : [...others.values()].flat();
}

async function correct(
  client: PoolClient,
  table: 'search_word' | 'search_city',
  typed: readonly string[],
  known: 'begins' | 'is',
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  const { rows } = await client.query<Proposal>({
    name: `${table}-proposals`,
    text: proposals(table, known),
    values: [typed],
  });
  const unknown = rows.filter((row) => !row.known);
  const others = new Map(unknown.map((row) => [row.typed, nearest(row.typed, row.candidates)]));
  const all = [...others.values()].every((words) => words.length > 0);
  return unknown.length > 0 && all ? others : null;
}

/** The candidates at the smallest distance that is still a typo of this word. */
export function nearest(typed: string, candidates: readonly string[]): string[] {
  let best = typosIn(typed.length);
  let words: string[] = [];
  for (const word of candidates) {
    const edits = editDistance(typed, word);
    if (edits < best) words = [];
    if (edits <= best) words.push(word);
    best = Math.min(best, edits);
  }
  return words.slice(0, meantMax);
}

/** How many letters may be wrong in a word of this length. */
function typosIn(length: number): number {
  if (length < 3) return 0;
  if (length < 6) return 1;
  return length < 10 ? 2 : 3;
}

/** Optimal string alignment: inserts, deletes, replaces, and swaps of neighbours count one. */
export function editDistance(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  let beforeLast: number[] = [];
  let last = right.map((_, j) => j);
  last.push(right.length);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      const swapped =
        i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length];
}

/** The range of a prefix is an index scan: the column is compared bytewise. */
const proposals = (table: string, known: 'begins' | 'is'): string => `
  SELECT t.typed, k.known,
         CASE WHEN k.known THEN '{}' ELSE
           ARRAY(SELECT w.word FROM ${table} w
                  ORDER BY w.word <-> t.typed LIMIT ${candidatesPerWord})
         END AS candidates
    FROM unnest($1::text[]) WITH ORDINALITY AS t (typed, place),
         LATERAL (SELECT EXISTS (SELECT FROM ${table} w WHERE ${
           known === 'is'
             ? 'w.word = t.typed'
             : 'w.word >= t.typed AND w.word < t.typed || chr(1114111)'
         }) AS known) AS k
   ORDER BY t.place`;
