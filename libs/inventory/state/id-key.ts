import { grown } from './columns.js';
import { finishHash, mixWord } from './text-hash.js';

/**
 * Ids as they are kept: packed into 32-bit words, in columns of typed arrays. A hundred thousand
 * ids that live for minutes are then nothing that a garbage collector copies or marks, and a
 * snapshot writes and reads them as numbers.
 *
 * An id has one packed form, and two ids never have the same (G4 rests on it):
 *
 * | form    | for                                  | units in a word       |
 * |---------|--------------------------------------|-----------------------|
 * | `base40`| only a-z 0-9 _ - . /, our own ids    | 6: 40^6 is below 2^32 |
 * | `bytes` | other ASCII                          | 4, least first        |
 * | `units` | anything else, half characters too   | 2, least first        |
 *
 * `code` says length and form in one number, so equal code and words are the equal id.
 */
const base40 = 0;
const bytes = 1;
const units = 2;
const unitsInWord = [6, 4, 2] as const;

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789_-./';
const alphabetCodes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
/**
 * What a unit is worth in the first, second and third place of three: three units, half a word, are
 * three readings and two sums. A sum with a unit that the alphabet has not is `outside` or above.
 */
const outside = 1 << 20;
const tripleMax = 40 ** 3;
const [first, second, third] = [1_600, 40, 1].map((worth) => {
  const values = new Int32Array(128).fill(outside);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i * worth;
  return values;
});
/** By number of units in a word: what a packed word is below. */
const powers = [1, 40, 40 ** 2, 40 ** 3, 40 ** 4, 40 ** 5];
const wordMax = 40 ** 6;

/** Of our own ids. */
const wordsAtFirst = 16;

/** Every fingerprint begins with its user's id mixed from here. Stored: never to be changed. */
const userSeed = 0x5eed;

/** Codes are kept in two bytes; ids have a bound far below that. */
export const codeMax = 0xffff;

/** Words that an id with this code takes. */
export function wordsOf(code: number): number {
  const length = code >>> 2;
  const form = code & 3;
  if (form === base40) return ((length + 5) / 6) | 0;
  return form === bytes ? (length + 3) >>> 2 : (length + 1) >>> 1;
}

/** An id that is looked for or kept: packed, with its hash. Reused for one id after another. */
export class IdKey {
  words = new Int32Array(wordsAtFirst);
  size = 0;
  code = 0;
  /** 32 bits, even but not secret: whoever uses it must survive chosen collisions. */
  hash = finishHash(0);
  /** What mixText(seed, id) gives, of an id that was read; the walk that packs it mixes it too. */
  textMix: number;
  private id: string | null = '';

  constructor(private readonly seed: number | null = null) {
    this.textMix = mixWord(seed ?? 0, 0);
  }

  read(id: string): this {
    if (id !== this.id) this.pack(id);
    return this;
  }

  /** True when this is what `read(id)` gives. */
  isOf(id: string): boolean {
    return id === this.id;
  }

  /** Reads the id that these bytes are. False when they are not all ASCII: then `read` its text. */
  readAscii(text: Uint8Array, start: number, length: number): boolean {
    const size = ((length + 5) / 6) | 0;
    this.reserve(size);
    // The words are another id's from here on, whether they become this one's or not.
    this.id = null;
    const { words } = this;
    const end = start + length;
    let seen = 0;
    let sums = 0;
    let at = start;
    for (let i = 0; i < size; i++) {
      const stop = at + 6 < end ? at + 6 : end;
      let word = 0;
      for (; at < stop; at++) {
        const unit = text[at];
        const digit = third[unit & 0x7f];
        seen |= unit;
        sums |= digit;
        word = (Math.imul(word, 40) + digit) | 0;
      }
      words[i] = word;
    }
    if (seen > 0x7f) return false;
    if (sums < outside) this.loaded(length << 2, size);
    else this.loadBytes(text, start, length);
    return true;
  }

  /** The id's text as bytes, of an id that is ASCII. */
  copyAscii(to: Uint8Array, start: number): void {
    const { words } = this;
    const length = this.code >>> 2;
    if ((this.code & 3) === bytes) {
      for (let i = 0; i < length; i++) to[start + i] = words[i >>> 2] >>> ((i & 3) * 8);
      return;
    }
    for (let i = 0, word = 0; i < length; i += 6, word++) {
      unpackWord(to, start + i, start + Math.min(length, i + 6), words[word]);
    }
  }

  /** Takes an id from where it is kept. */
  load(from: Int32Array, at: number, code: number): this {
    const size = wordsOf(code);
    this.reserve(size);
    const { words } = this;
    for (let i = 0; i < size; i++) words[i] = from[at + i];
    this.loaded(code, size);
    return this;
  }

  /**
   * Takes an id that nobody vouches for: behind `common` words that are in the key already, words
   * that begin at `at`. False when no id is packed like this.
   */
  take(from: Int32Array, at: number, common: number, code: number): boolean {
    const size = wordsOf(code);
    this.reserve(size);
    const { words } = this;
    let mixed = code;
    let largest = 0;
    for (let i = 0; i < size; i++) {
      const word = i < common ? words[i] : from[at + i - common];
      words[i] = word;
      mixed = mixWord(mixed, word);
      if (word >>> 0 > largest) largest = word >>> 0;
    }
    this.id = null;
    this.code = code;
    this.size = size;
    this.hash = finishHash(mixed);
    if ((code & 3) !== base40) return this.isSound;
    const rest = (code >>> 2) % 6;
    return largest < wordMax && (rest === 0 || words[size - 1] >>> 0 < powers[rest]);
  }

  /** For whoever wrote `size` words of an id with this code into `words`. */
  loaded(code: number, size: number): void {
    this.id = null;
    this.code = code;
    this.size = size;
    this.mix();
  }

  reserve(size: number): void {
    if (size > this.words.length) this.words = grown(this.words, size);
  }

  equals(kept: Int32Array, at: number): boolean {
    const { words, size } = this;
    for (let i = 0; i < size; i++) if (words[i] !== kept[at + i]) return false;
    return true;
  }

  copyTo(kept: Int32Array, at: number): void {
    const { words, size } = this;
    for (let i = 0; i < size; i++) kept[at + i] = words[i];
  }

  get text(): string {
    return this.id ?? unpackId(this.words, 0, this.code);
  }

  /** True when every unit of the id is one byte in UTF-8. */
  get isAscii(): boolean {
    return (this.code & 3) !== units;
  }

  /** False when no id is packed like this: for bytes that nobody vouches for. */
  get isSound(): boolean {
    const { code, size, words } = this;
    const length = code >>> 2;
    if ((code & 3) === base40) {
      const rest = length % 6;
      const whole = rest === 0 ? size : size - 1;
      for (let i = 0; i < whole; i++) if (words[i] >>> 0 >= wordMax) return false;
      return rest === 0 || words[whole] >>> 0 < powers[rest];
    }
    if ((code & 3) > units) return false;
    const again = new IdKey().read(unpackId(words, 0, code));
    return again.code === code && again.equals(words, 0);
  }

  private pack(id: string): void {
    const { length } = id;
    const size = ((length + 5) / 6) | 0;
    this.reserve(size);
    const { words, seed } = this;
    let mixed = seed === null ? 0 : mixWord(seed, length);
    let hash = length << 2;
    let seen = 0;
    let sums = 0;
    let at = 0;
    let i = 0;
    for (; i + 6 <= length; i += 6) {
      const a = id.charCodeAt(i);
      const b = id.charCodeAt(i + 1);
      const c = id.charCodeAt(i + 2);
      const d = id.charCodeAt(i + 3);
      const e = id.charCodeAt(i + 4);
      const f = id.charCodeAt(i + 5);
      seen |= a | b | c | d | e | f;
      const high = first[a & 0x7f] + second[b & 0x7f] + third[c & 0x7f];
      const low = first[d & 0x7f] + second[e & 0x7f] + third[f & 0x7f];
      sums |= high | low;
      const word = (Math.imul(high, tripleMax) + low) | 0;
      words[at++] = word;
      hash = mixWord(hash, word);
      if (seed === null) continue;
      mixed = mixWord(mixWord(mixWord(mixed, a | (b << 16)), c | (d << 16)), e | (f << 16));
    }
    if (i < length) {
      let word = 0;
      for (; i < length; i++) {
        const unit = id.charCodeAt(i);
        const digit = third[unit & 0x7f];
        seen |= unit;
        sums |= digit;
        word = (Math.imul(word, 40) + digit) | 0;
        if (seed === null || (i & 1) === 1) continue;
        const next = i + 1 < length ? id.charCodeAt(i + 1) : 0;
        mixed = mixWord(mixed, unit | (next << 16));
      }
      words[at] = word;
      hash = mixWord(hash, word);
    }
    this.id = id;
    this.textMix = mixed;
    if (seen > 0x7f) this.packWide(id, units);
    else if (sums >= outside) this.packWide(id, bytes);
    else {
      this.code = length << 2;
      this.size = size;
      this.hash = finishHash(hash);
    }
  }

  private loadBytes(text: Uint8Array, start: number, length: number): void {
    const size = (length + 3) >>> 2;
    this.reserve(size);
    this.words.fill(0, 0, size);
    for (let i = 0; i < length; i++) this.words[i >>> 2] |= text[start + i] << ((i & 3) * 8);
    this.loaded((length << 2) | bytes, size);
  }

  private packWide(id: string, form: typeof bytes | typeof units): void {
    const perWord = unitsInWord[form];
    const bits = 32 / perWord;
    const size = Math.ceil(id.length / perWord);
    this.reserve(size);
    this.words.fill(0, 0, size);
    for (let i = 0; i < id.length; i++) {
      this.words[Math.floor(i / perWord)] |= id.charCodeAt(i) << ((i % perWord) * bits);
    }
    this.code = (id.length << 2) | form;
    this.size = size;
    this.mix();
  }

  private mix(): void {
    const { words, size } = this;
    let mixed = this.code;
    for (let i = 0; i < size; i++) mixed = mixWord(mixed, words[i]);
    this.hash = finishHash(mixed);
  }
}

/** The id that was packed. */
export function unpackId(from: Int32Array, at: number, code: number): string {
  const length = code >>> 2;
  const form = code & 3;
  const found = new Array<number>(length);
  if (form === base40) {
    for (let i = 0, word = at; i < length; i += 6, word++) {
      unpackWord(found, i, Math.min(length, i + 6), from[word]);
    }
    return String.fromCharCode(...found);
  }
  const perWord = form === bytes ? 4 : 2;
  const bits = 32 / perWord;
  for (let i = 0; i < length; i++) {
    const word = from[at + Math.floor(i / perWord)] >>> ((i % perWord) * bits);
    found[i] = word & (form === bytes ? 0xff : 0xffff);
  }
  return String.fromCharCode(...found);
}

function unpackWord(to: number[] | Uint8Array, start: number, end: number, word: number): void {
  let rest = word >>> 0;
  for (let i = end - 1; i >= start; i--) {
    const above = Math.floor(rest / 40);
    to[i] = alphabetCodes[rest - above * 40];
    rest = above;
  }
}

/** A key whose `textMix` is what fingerprints begin with. */
export const newUserKey = (): IdKey => new IdKey(userSeed);

/** For ids that are read from where they are kept; those of commands: see id-reader.ts. */
export const commandKey = new IdKey();
export const holdKey = new IdKey();
export const userKey = newUserKey();
export const bookingKey = new IdKey();
export const attemptKey = new IdKey();
