import type { Pool } from 'pg';

/**
 * Typos. A word that begins no word of the catalogue is replaced by its nearest ones: Postgres
 * proposes by trigrams, the edit distance decides. Trigrams alone put "stage" close to "state" and
 * "hmalet" far from "hamlet"; people leave out, add, change or swap letters, one or two of them.
 */
const candidatesPerWord = 12;

interface Proposal {
  readonly typed: string;
  readonly known: boolean;
  readonly candidates: readonly string[];
}

/** A group of words for each typed word; null when one of them resembles nothing. */
export async function correctSpelling(
  pool: Pool,
  typed: readonly string[],
): Promise<readonly (readonly string[])[] | null> {
  const { rows } = await pool.query<Proposal>({
    name: 'search-words',
    text: proposals,
    values: [typed],
  });
  const groups = rows.map((row) => (row.known ? [row.typed] : nearest(row.typed, row.candidates)));
  const changed = rows.some((row) => !row.known);
  return changed && groups.every((group) => group.length > 0) ? groups : null;
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
  return words;
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
const proposals = `
  SELECT t.typed,
         EXISTS (SELECT FROM search_word w
                  WHERE w.word >= t.typed AND w.word < t.typed || chr(1114111)) AS known,
         ARRAY(SELECT w.word FROM search_word w
                ORDER BY w.word <-> t.typed LIMIT ${candidatesPerWord}) AS candidates
    FROM unnest($1::text[]) WITH ORDINALITY AS t (typed, place)
   ORDER BY t.place`;
