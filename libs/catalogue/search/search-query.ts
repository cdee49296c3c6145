import { limits } from '#libs/contracts/limits.js';
import { chunksOf, type Chunk, type Piece } from './pieces.js';
import {
  beginLettersMax,
  beginsTerm,
  formsOf,
  neighboursTerm,
  pairsOf,
  signsTerm,
} from './search-terms.js';
import { latinOf } from './transliterations.js';

/** What a buyer typed: every chunk must be found. What is over the bounds is left out. */
export type Keyword = readonly Chunk[];

export function keywordOf(text: string): Keyword {
  const seen = new Set<string>();
  const chunks = chunksOf(text.slice(0, limits.keywordLengthMax)).filter(({ whole, signs }) => {
    const key = `${whole} ${signs}`;
    return !seen.has(key) && seen.add(key);
  });
  return chunks.slice(0, limits.keywordTokensMax);
}

/** The plain words of a keyword whose typos can be forgiven. */
export const typedWords = (keyword: Keyword): string[] => [
  ...new Set(
    keyword.flatMap(({ pieces }) =>
      pieces.flatMap((piece) => (piece.kind === 'word' ? [piece.forms[0]] : [])),
    ),
  ),
];

/**
 * `exact`: whole words only; `prefix`: also what begins with them; `rank`: the same, where the
 * whole word counts beside the beginning, so that "art" ranks Art before Artemis.
 */
export type Reach = 'exact' | 'prefix' | 'rank';

/** A tsquery literal, see search-terms.ts. */
export function searchQuery(keyword: Keyword, reach: Reach): string {
  return keyword.map((chunk) => chunkQuery(chunk, reach)).join(' & ');
}

/** The same with two neighbouring words typed apart that are one: each pair in turn. */
export function joinedQueries(keyword: Keyword): string[] {
  return keyword.slice(1).flatMap((chunk, i) => {
    const word = keyword[i].whole + chunk.whole;
    if (keyword[i].whole === '' || chunk.whole === '') return [];
    const one: Chunk = { ...chunk, pieces: [{ kind: 'word', forms: [word] }], joined: [] };
    return [searchQuery([...keyword.slice(0, i), one, ...keyword.slice(i + 2)], 'prefix')];
  });
}

/** Words that are known as others, put in their place. */
export function replaceWords(
  keyword: Keyword,
  others: ReadonlyMap<string, readonly string[]>,
): Keyword {
  return keyword.map((chunk) => ({
    ...chunk,
    pieces: chunk.pieces.map((piece) =>
      piece.kind === 'word'
        ? { ...piece, forms: others.get(piece.forms[0]) ?? piece.forms }
        : piece,
    ),
  }));
}

function chunkQuery({ pieces, joined, signs }: Chunk, reach: Reach): string {
  if (signs !== '') return `'${signsTerm(signs)}'`;
  const all = pieces.map((piece) => pieceQuery(piece, reach)).join(' & ');
  const [only] = pieces;
  const apart = pieces.length === 1 && only.kind === 'word' ? neighbourForms(only.forms) : [];
  const one = joined.flatMap((word) => wordQuery(word, reach));
  const terms = apart.flatMap((word) => {
    const term = neighboursTerm(word);
    return termQuery(term, `'${term}':*`, reach);
  });
  return `(${[`(${all})`, ...one, ...terms].join(' | ')})`;
}

/** A short word would be the beginning of half the catalogue. */
const neighboursLengthMin = 4;
const neighbourForms = (forms: readonly string[]): readonly string[] =>
  forms.filter((form) => form.length >= neighboursLengthMin);

function pieceQuery(piece: Piece, reach: Reach): string {
  if (piece.kind === 'word') {
    return `(${formsOf(piece)
      .flatMap((word) => wordQuery(word, reach))
      .join(' | ')})`;
  }
  const { letters } = piece;
  if (letters.length === 1) return `'${letters[0]}':*`;
  const pairs = pairsOf(letters).slice(0, -1);
  const run = `(${pairs.map((pair) => `'${pair}'`).join(' <-> ')})`;
  const latin = latinOf(letters.join(''));
  return latin === null ? run : `(${[run, ...wordQuery(latin, reach)].join(' | ')})`;
}

function wordQuery(word: string, reach: Reach): string[] {
  const short = [...word].length <= beginLettersMax;
  return termQuery(word, short ? `'${beginsTerm(word)}'` : `'${word}':*`, reach);
}

const termQuery = (term: string, begins: string, reach: Reach): string[] => [
  ...(reach === 'prefix' ? [] : [`'${term}'`]),
  ...(reach === 'exact' ? [] : [begins]),
];

/** The chunk's only word, in its forms; null: it is not as simple as that. */
export function wordOf({ pieces, joined }: Chunk): readonly string[] | null {
  const [piece] = pieces;
  const simple = pieces.length === 1 && joined.length === 0;
  return simple && piece.kind === 'word' ? piece.forms : null;
}
