import type { EventQuery } from '../catalogue.js';
import type { CountedPart } from './count-terms.js';
import { searchQuery, wordOf, type Keyword } from './search-query.js';
import { cityTerm, cityTypeTerm, typeTerm } from './search-terms.js';

/** What a search asks of the terms of events, beside its bounds of time. */
export interface Wanted {
  /** A tsquery literal; null: everything. */
  readonly any: string | null;
  /** The same for ranking. */
  readonly rank: string | null;
  /** The part of `any` that comes first; null: there is none. */
  readonly exact: string | null;
  /** Those parts of `any`, all of which must match, of which counts are kept. */
  readonly parts: readonly WantedPart[];
  /** The only part is all that is asked for. */
  readonly isSole: boolean;
}

export interface WantedPart extends CountedPart {
  /** A tsquery literal; null: everything. */
  readonly query: string | null;
}

/** What was typed: the keyword, keys of the city (null: none was given), the type. */
export interface Typed {
  readonly keyword: Keyword;
  readonly cities: readonly string[] | null;
  readonly type: EventQuery['type'];
}

/** Events that have what was typed, those with the words whole before others that begin so. */
export function wantedOf({ keyword, cities, type }: Typed): Wanted {
  const textOf = (reach: 'exact' | 'prefix' | 'rank') =>
    matching(keyword.length === 0 ? [] : [searchQuery(keyword, reach)], cities, type);
  return {
    any: textOf('prefix'),
    rank: textOf('rank'),
    exact: keyword.length === 0 ? null : textOf('exact'),
    ...partsOf({ keyword, cities, type }, 'forms'),
  };
}

/** Events that have what was meant, or one of `others`: keywords as tsquery literals. */
export function meantOf({ keyword, cities, type }: Typed, others: readonly string[]): Wanted {
  const texts = keyword.length === 0 ? [] : [searchQuery(keyword, 'prefix'), ...others];
  const any = matching(texts, cities, type);
  const parts =
    others.length > 0
      ? { ...partsOf({ keyword: [], cities, type }, 'others'), isSole: false }
      : partsOf({ keyword, cities, type }, 'others');
  return { any, rank: any, exact: null, ...parts };
}

/** Any of `texts`, in any of the cities, of the type. */
function matching(
  texts: readonly string[],
  cities: readonly string[] | null,
  type: string | null,
): string | null {
  const quoted = (terms: readonly string[]) => terms.map((term) => `'${term}'`);
  const cityTerms = quoted((cities ?? []).map(cityTerm));
  const parts = [texts, cityTerms, type === null ? [] : quoted([typeTerm(type)])];
  const said = parts.filter((part) => part.length > 0).map((part) => `(${part.join(' | ')})`);
  return said.length === 0 ? null : said.join(' & ');
}

function partsOf(
  { keyword, cities, type }: Typed,
  are: CountedPart['are'],
): Pick<Wanted, 'parts' | 'isSole'> {
  const words = keyword.flatMap((chunk): WantedPart[] => {
    const terms = wordOf(chunk);
    if (terms === null) return [];
    return [{ kind: 'words', terms, are, query: searchQuery([chunk], 'prefix') }];
  });
  const parts: WantedPart[] = [...words];
  const filters = filterTerms(cities, type);
  if (filters.length > 0) {
    parts.push({ kind: 'terms', terms: filters, are, query: matching([], cities, type) });
  }
  const isAll = words.length === keyword.length;
  if (parts.length > 0 || !isAll) return { parts, isSole: isAll && parts.length === 1 };
  // The term of no letters stands for all events.
  return { parts: [{ kind: 'terms', terms: [''], are, query: null }], isSole: true };
}

/** Each is the city in one of its spellings, of the type; empty: neither was given. */
function filterTerms(cities: readonly string[] | null, type: string | null): string[] {
  if (cities === null) return type === null ? [] : [typeTerm(type)];
  return cities.map((key) => (type === null ? cityTerm(key) : cityTypeTerm(key, type)));
}
