import { namesOfCity } from './city-names.js';
import { chunksOf, distinct, type Chunk, type Piece } from './pieces.js';

/**
 * What an event is found by, as a tsvector of terms made here. A term is a word of letters and
 * digits, or one of these with a sign in front, so that nothing needs quoting:
 *
 *   ^h, ^ha    the first letters of a word: what is typed first must not read half the index
 *   +daftpunk  neighbouring words typed as one
 *   =21.21     a name of signs only, by code points
 *   @koeln     the city, for the filter: in all spellings
 *   #concert   the type
 *   @koeln#concert   both: how many events have the two is kept like that of any term
 *
 * Scripts without spaces give every two neighbouring letters, at positions that follow each other.
 */
export interface SearchableText {
  readonly name: string;
  readonly performers: readonly string[];
  readonly venue: string;
  readonly city: string;
  readonly type: string;
}

/** A tsvector literal: `'hamlet':1A '^h':1A '^ha':1A 'leeds':2C '@leeds' '#theatre'`. */
export function searchVector(event: SearchableText): string {
  const terms = new Terms();
  terms.add(event.name, 'A');
  event.performers.forEach((performer) => terms.add(performer, 'B'));
  terms.add(event.venue, 'C');
  terms.add(event.city, 'C');
  namesOfCity(event.city).forEach((name) => terms.add(name, 'D'));
  const keys = cityKeys(event.city);
  const both = keys.map((key) => cityTypeTerm(key, event.type));
  const facets = [...keys.map(cityTerm), typeTerm(event.type), ...both];
  return [...terms.weighted(), ...facets.map((term) => `'${term}'`)].join(' ');
}

/** Distinct words whose typos are forgiven, sorted: rows are locked in one order by all imports. */
export function searchWords(event: SearchableText): string[] {
  const texts = [event.name, ...event.performers, event.venue, event.city];
  const chunks = [...texts, ...namesOfCity(event.city)].flatMap(chunksOf);
  const words = chunks.flatMap(({ pieces, joined }) => [...pieces.flatMap(formsOf), ...joined]);
  return distinct(words).sort();
}

/** The city in all spellings and languages we know, each as one word; sorted. */
export function cityKeys(city: string): string[] {
  return distinct([city, ...namesOfCity(city)].flatMap(wholeForms)).sort();
}

export const cityTerm = (key: string): string => `@${key}`;
export const typeTerm = (type: string): string => `#${type}`;
export const cityTypeTerm = (key: string, type: string): string => cityTerm(key) + typeTerm(type);
export const neighboursTerm = (word: string): string => `+${word}`;
export const beginsTerm = (letters: string): string => `^${letters}`;

export const signsTerm = (signs: string): string =>
  `=${[...signs].map((sign) => (sign.codePointAt(0) ?? 0).toString(16)).join('.')}`;

/** Letters of a beginning that has a term of its own. */
export const beginLettersMax = 2;

/** Every two neighbours of a run, and its last letter alone. */
export function pairsOf(letters: readonly string[]): string[] {
  return letters.map((letter, i) => letter + (letters[i + 1] ?? ''));
}

export const formsOf = (piece: Piece): readonly string[] =>
  piece.kind === 'word' ? piece.forms : piece.latin;

/** A name as one word, by its plain letters, spelled out, and in Latin letters. */
function wholeForms(name: string): string[] {
  const chunks = chunksOf(name);
  const by = (pick: (forms: readonly string[]) => string | undefined): string =>
    chunks.flatMap(({ pieces }) => pieces.map((piece) => wholeOf(piece, pick))).join('');
  return distinct([
    chunks.map(({ whole, signs }) => (whole === '' ? signsTerm(signs) : whole)).join(''),
    by((forms) => forms[1] ?? forms[0]),
    by((forms) => forms.at(-1)),
  ]);
}

function wholeOf(piece: Piece, pick: (forms: readonly string[]) => string | undefined): string {
  const { letters, latin } = piece.kind === 'dense' ? piece : { letters: [], latin: piece.forms };
  return pick(letters.length > 0 ? [letters.join(''), ...latin] : latin) ?? '';
}

/** Positions in one text of an event never follow on those of another. */
class Terms {
  private readonly places = new Map<string, string[]>();
  private position = 1;

  add(text: string, weight: string): void {
    const chunks = chunksOf(text);
    chunks.forEach((chunk, i) => {
      this.neighbours(chunks.slice(i, i + 2), weight);
      this.chunk(chunk, weight);
    });
    if (chunks.length > 2) this.neighbours(chunks, weight);
    this.position += 2;
  }

  weighted(): string[] {
    return [...this.places].map(([term, places]) => `'${term}':${places.join()}`);
  }

  private chunk({ pieces, joined, signs }: Chunk, weight: string): void {
    joined.forEach((word) => this.word(word, weight));
    if (signs !== '') this.put(signsTerm(signs), weight);
    for (const piece of pieces) {
      formsOf(piece).forEach((word) => this.word(word, weight));
      if (piece.kind === 'dense') this.dense(piece.letters, weight);
      this.position += 1;
    }
  }

  private word(word: string, weight: string): void {
    this.put(word, weight);
    const letters = [...word].slice(0, beginLettersMax);
    letters.forEach((_, i) => this.put(beginsTerm(letters.slice(0, i + 1).join('')), weight));
  }

  private dense(letters: readonly string[], weight: string): void {
    for (const pair of pairsOf(letters)) {
      this.put(pair, weight);
      this.position += 1;
    }
  }

  private neighbours(chunks: readonly Chunk[], weight: string): void {
    if (chunks.length < 2 || chunks.some(({ whole }) => whole === '')) return;
    const word = chunks.map(({ whole }) => whole).join('');
    if (word.length <= neighboursLengthMax) this.put(neighboursTerm(word), weight);
  }

  private put(term: string, weight: string): void {
    const places = this.places.get(term) ?? [];
    const place = `${Math.min(this.position, positionMax)}${weight}`;
    // Postgres keeps 255 of a term, and a name that repeats one word says nothing by it.
    if (places.length < placesMax && places.at(-1) !== place) places.push(place);
    this.places.set(term, places);
  }
}

const neighboursLengthMax = 40;
const placesMax = 32;
const positionMax = 16_383;
