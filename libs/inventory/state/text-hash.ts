/**
 * Mixing after MurmurHash3 by Austin Appleby (public domain), 32-bit variant, two UTF-16 units a
 * word. Fast and even, not secret: whoever uses it must survive chosen collisions.
 */
export function mixText(hash: number, text: string): number {
  let mixed = mixWord(hash, text.length);
  let i = 0;
  for (; i + 1 < text.length; i += 2) {
    mixed = mixWord(mixed, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  }
  return i < text.length ? mixWord(mixed, text.charCodeAt(i)) : mixed;
}

/** The words that mixText mixes, for a text that is mixed again and again. */
export function wordsOfText(text: string): Int32Array {
  const words = [text.length];
  for (let i = 0; i < text.length; i += 2) {
    const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    words.push(text.charCodeAt(i) | (next << 16));
  }
  return Int32Array.from(words);
}

/** mixText of the text that the words are of. */
export function mixWords(hash: number, words: Int32Array): number {
  let mixed = hash;
  for (let i = 0; i < words.length; i++) mixed = mixWord(mixed, words[i]);
  return mixed;
}

export function mixWord(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = hash ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads every bit over all bits; a signed 32-bit integer. */
export function finishHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
