import { limits } from '#libs/contracts/limits.js';
import { wordsOf } from './plain-words.js';

/**
 * Words to Postgres' own notation for text search. Everything here is made of plain words, which
 * hold letters and digits only, so nothing needs quoting beyond the quotes around them.
 */
export interface SearchableText {
  readonly name: string;
  readonly performers: readonly string[];
  readonly venue: string;
  readonly city: string;
}

/** A tsvector literal: `'hamlet':1A 'leeds':2C`. */
export function searchVector(text: SearchableText): string {
  let position = 0;
  const weighted = (source: string, weight: string): string[] =>
    wordsOf(source).map((word) => `'${word}':${(position += 1)}${weight}`);
  return [
    ...weighted(text.name, 'A'),
    ...text.performers.flatMap((performer) => weighted(performer, 'B')),
    ...weighted(text.venue, 'C'),
    ...weighted(text.city, 'C'),
  ].join(' ');
}

/** Distinct words of an event, sorted: rows are locked in one order by all imports. */
export function searchWords(text: SearchableText): string[] {
  const all = [text.name, ...text.performers, text.venue, text.city].flatMap(wordsOf);
  return [...new Set(all)].sort();
}

/** What a buyer typed, as distinct plain words; what is over the bounds is left out. */
export function keywordWords(keyword: string): string[] {
  const words = wordsOf(keyword.slice(0, limits.keywordLengthMax));
  return [...new Set(words)].slice(0, limits.keywordTokensMax);
}

/**
 * A tsquery literal: every group must match, by any of its words or what begins with one. The
 * whole word counts beside the prefix, so that "art" ranks Art before Artemis.
 */
export function searchQuery(groups: readonly (readonly string[])[]): string {
  const group = (words: readonly string[]): string =>
    `(${words.map((word) => `'${word}' | '${word}':*`).join(' | ')})`;
  return groups.map(group).join(' & ');
}
