/**
 * Words as search compares them: lower case, without accents, letters and digits only. Done here
 * and not by the database's dictionaries, so that events and queries are spelt alike whatever
 * the locale of the server, and "AC/DC" is not taken for the path of a file.
 */
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
};

/** A longer word is cut: nobody types it, and it would only fill the index. */
const wordLengthMax = 64;

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøłđðþæœı]/g, (letter) => special[letter] ?? letter);
}

/** `Beyoncé & Jay-Z` gives beyonce, jay, z. Apostrophes join: `Rock'n'Roll` is one word. */
export function wordsOf(text: string): string[] {
  const words = plain(text.replace(/['’`´]/g, '')).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => word.slice(0, wordLengthMax));
}

/** The form in which names are compared as a whole; a name without letters stands for itself. */
export const keyOf = (text: string): string => wordsOf(text).join(' ') || text.trim();
