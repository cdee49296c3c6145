import { cities, genres, nameOf, types } from '#libs/catalogue/testing/many-events.js';

/** What people ask, by kind; the i-th of each. No two of a run are the same as far as that goes. */
const swapped = (word: string): string => word[0] + word[2] + word[1] + word.slice(3);
/** Each shares a trigram or two with what is meant: opera, final, derby, hall, oslo. */
const fewShared = ['oepra', 'fnial', 'dreby', 'hlal', 'olso'];
const day = (i: number): string => new Date(Date.UTC(2027, 0, 1 + (i % 4_000))).toISOString();

export const kinds: Readonly<Record<string, (i: number) => Record<string, string>>> = {
  'all, by start': () => ({}),
  'from a day on': (i) => ({ start: day(i * 37).slice(0, 10) }),
  'between two times': (i) => ({ start: day(i * 41), end: day(i * 41 + 30) }),
  'a deep page': (i) => ({ page: String(1 + ((i * 53) % 100)), page_size: '100' }),
  'a city': (i) => ({ city: cities[i % cities.length] }),
  'a city and a type': (i) => ({ city: cities[i % cities.length], type: types[i % types.length] }),
  'a word of 12,500 events': (i) => ({ keyword: genres[i % genres.length] }),
  'the same, page 25': (i) => ({ keyword: genres[i % genres.length], page: '25' }),
  'a word of all events': () => ({ keyword: 'hall' }),
  'one letter': (i) => ({ keyword: nameOf(i * 17)[0] }),
  'three letters': (i) => ({ keyword: nameOf(i * 29).slice(0, 3) }),
  'a name': (i) => ({ keyword: nameOf(i * 7) }),
  'a name and a city': (i) => ({ keyword: `${nameOf(i * 7)} ${cities[i % cities.length]}` }),
  'a name, misspelt': (i) => ({ keyword: swapped(nameOf(i * 91)) }),
  'a city, misspelt': (i) => ({ city: swapped(cities[i % cities.length]), keyword: nameOf(i) }),
  'a common word, misspelt': (i) => ({ keyword: fewShared[i % fewShared.length] }),
  'two names joined': (i) => ({ keyword: nameOf(i * 7) + nameOf(i * 13 + 5) }),
  'what nobody has': (i) => ({ keyword: `zzq${i} xxw${i}` }),
  'a common word, available': (i) => ({ keyword: genres[i % genres.length], available: 'true' }),
  'a city, available': (i) => ({ city: cities[i % cities.length], available: 'true' }),
  'facets of a name': (i) => ({ keyword: nameOf(i * 7) }),
  // The gateway keeps facets for some seconds: no two of a run are the same.
  'facets of a common word': (i) => ({
    keyword: genres[i % genres.length],
    start: day(i).slice(0, 10),
  }),
};

/** Not the list, but its counts: another address. */
export const isFacets = (kind: string): boolean => kind.startsWith('facets');

export function pathOf(kind: string, i: number): string {
  const list = isFacets(kind) ? '/v1/events/facets' : '/v1/events';
  return `${list}?${new URLSearchParams(kinds[kind](i)).toString()}`;
}
