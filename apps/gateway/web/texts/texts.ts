import { catalogue, type Language, type Words } from '#libs/seat-map/words.js';
import { german } from './german.js';
import { english, type Texts } from './english.js';

/** In which language this page speaks: chosen before, else the browser's, else English. */
const key = 'holdfast.language';
const languages: readonly Language[] = ['en', 'de'];

const speaks = (tag: string): Language | undefined =>
  languages.find((one) => tag.toLowerCase().split('-')[0] === one);

function wanted(): Language {
  const asked = [localStorage.getItem(key) ?? '', ...navigator.languages];
  return asked.map(speaks).find((one) => one !== undefined) ?? 'en';
}

export const language: Language = wanted();
/** Of dates and numbers: the country's too, where the browser says one. */
export const locale: string =
  navigator.languages.find((tag) => speaks(tag) === language) ?? language;
export const texts: Texts = language === 'de' ? german : english;
/** Of the map. */
export const words: Words = catalogue[language];

export function speak(other: Language): void {
  localStorage.setItem(key, other);
  location.reload();
}
