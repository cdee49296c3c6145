/**
 * Text as search compares it, made by code of our own: what is stored under these forms must not
 * move with the Unicode tables of a Node release or with the locale of a database server. Only the
 * normal forms NFC and NFKD are taken from the platform, which never change for a character that
 * has been assigned.
 *
 * PW1  A change of anything here, or in transliterations.ts, city-names.ts and search-terms.ts, is
 *      a new searchVersion: what is stored is derived again (see index-events.ts).
 * PW2  A mark is dropped where it is an accent (Latin, Greek, Cyrillic, Hebrew, Arabic), and kept
 *      where it makes another letter: `ガ` is not `カ`, and a Thai vowel is none either.
 */
export const searchVersion = 2;

const special: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
  ة: 'ه',
  ى: 'ي',
};

/** Letters as German and the Nordic languages write them without their marks. */
const spelledOut: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  å: 'aa',
  ø: 'oe',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  Å: 'Aa',
  Ø: 'Oe',
};

/** A longer word is cut: nobody types it, and it would only fill the index. */
export const wordLengthMax = 64;

/** Scripts with capitals, as far as both cases of a letter have been there for decades. */
const capitals =
  /[A-Z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0531-\u0556\u10a0-\u10c5\u1e00-\u1fff]/g;
const accents = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]/g;
const moreAccents =
  /[\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
/** Joiners, soft hyphens and variants, and apostrophes: `Rock'n'Roll` is one word. */
const unseen = /[\u00ad\u034f\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff'’‘`´ʼ]/g;
const katakana = /[\u30a1-\u30f6]/g;

/** Lower case, without accents; katakana as hiragana. Signs and spaces stay. */
export function plainText(text: string): string {
  return text
    .replace(unseen, '')
    .normalize('NFKD')
    .replace(capitals, (letter) => letter.toLowerCase())
    .replace(accents, '')
    .replace(moreAccents, '')
    .replace(/[ßøłđðþæœıςةى]/g, (letter) => special[letter])
    .replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .normalize('NFC');
}

/** The same with umlauts spelled out: `Köln` gives koeln. */
export const spelledOutText = (text: string): string =>
  plainText(text.normalize('NFC').replace(/[äöüåøÄÖÜÅØ]/g, (letter) => spelledOut[letter]));

/** What is neither a letter nor a digit: fixed ranges, where `\p{L}` would grow with Unicode. */
const sign =
  '\\u0000-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9' +
  '\\u00bb-\\u00bf\\u00d7\\u00f7\\u02c2-\\u02c5\\u02d2-\\u02df\\u037e\\u0387\\u055a-\\u055f' +
  '\\u0589\\u058a\\u05be\\u05c0\\u05c3\\u05c6\\u05f3\\u05f4\\u060c\\u060d\\u061b\\u061e\\u061f' +
  '\\u066a-\\u066d\\u06d4\\u0964\\u0965\\u0e3f\\u0e4f\\u0e5a\\u0e5b\\u10fb\\u1680\\u2000-\\u206f' +
  '\\u20a0-\\u20cf\\u2100-\\u214f\\u2190-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004\\u3008-\\u3020' +
  '\\u3030\\u303d-\\u303f\\u30a0\\u30fb\\ue000-\\uf8ff\\ufe10-\\ufe1f\\ufe30-\\ufe6f' +
  '\\uff00-\\uff0f\\uffe0-\\uffff\\u{1f000}-\\u{1faff}';
const letters = new RegExp(`[^${sign}]+`, 'gu');

/** Runs of letters and digits of a plain text, in order. */
export const lettersOf = (plain: string): string[] =>
  (plain.match(letters) ?? []).map((word) => firstLetters(word, wordLengthMax));

/** `Beyoncé & Jay-Z` gives beyonce, jay, z. */
export const wordsOf = (text: string): string[] => lettersOf(plainText(text));

/** The form in which names are compared as a whole; a name without letters stands for itself. */
export const keyOf = (text: string): string =>
  wordsOf(text).join(' ') || text.normalize('NFC').trim();

function firstLetters(word: string, count: number): string {
  return word.length <= count ? word : [...word].slice(0, count).join('');
}
