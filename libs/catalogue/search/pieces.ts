import { lettersOf, plainText, spelledOutText } from './plain-words.js';
import { latinOf } from './transliterations.js';

/** One word in all ways it is written, the plain one first; or a run of a script without spaces. */
export type Piece =
  | { readonly kind: 'word'; readonly forms: readonly string[] }
  | {
      readonly kind: 'dense';
      readonly letters: readonly string[];
      /** Of the kana in it, in Latin letters. */
      readonly latin: readonly string[];
    };

/** What stands between two spaces. */
export interface Chunk {
  readonly pieces: readonly Piece[];
  /**
   * The same as one word, where signs stand in it: without them, and with signs read as letters.
   * `AC/DC` gives acdc, `P!nk` gives pnk and pink, `R.E.M.` gives rem.
   */
  readonly joined: readonly string[];
  /** All its letters in one; empty: it has none. */
  readonly whole: string;
  /** A chunk without letters, as it is; empty: it has some, or only divides what has (`&`). */
  readonly signs: string;
}

export function chunksOf(text: string): Chunk[] {
  return text
    .split(/[\s\u3000]+/)
    .map(chunkOf)
    .filter((chunk) => chunk.pieces.length > 0 || chunk.signs !== '');
}

const dense =
  '\\u0e00-\\u0fff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fdf\\u3005\\u3007' +
  '\\u3021-\\u3029\\u3041-\\u309f\\u30a1-\\u30ff\\u3130-\\u318f\\u31f0-\\u31ff\\u3400-\\u4dbf' +
  '\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}';
const runs = new RegExp(`[${dense}]+|[^${dense}]+`, 'gu');
const isDense = new RegExp(`^[${dense}]`, 'u');
const readable = /[\u3041-\u3096ー]{2,}|[\uac00-\ud7a3]+/g;

/** Alone between words they say nothing. */
const divider = /^[&+\-–—/|:,.·•*~_()[\]"]$/;

function chunkOf(raw: string): Chunk {
  const plain = plainText(raw);
  const words = lettersOf(plain);
  if (words.length === 0) {
    const signs = divider.test(plain) ? '' : [...plain].slice(0, signsMax).join('');
    return { pieces: [], joined: [], whole: '', signs };
  }
  const spelled = lettersOf(spelledOutText(raw));
  const pieces = words.flatMap((word, i) => piecesOf(word, spelled[i] ?? word));
  const whole = words.join('');
  const joined = words.length > 1 || plain !== whole ? joinedForms(plain, spelled, words) : [];
  return { pieces, joined, whole, signs: '' };
}

const signsMax = 16;

function piecesOf(word: string, spelled: string): Piece[] {
  const found = word.match(runs) ?? [];
  return found.map((run): Piece => {
    if (!isDense.test(run)) {
      const other = found.length === 1 ? spelled : run;
      return { kind: 'word', forms: distinct([run, other, latinOf(run)]) };
    }
    const latin = (run.match(readable) ?? []).map(latinOf);
    return { kind: 'dense', letters: [...run], latin: distinct(latin) };
  });
}

const inside = '(?<=[^\\s\\u0000-\\u002f\\u003a-\\u0040])';
const before = '(?=[^\\s\\u0000-\\u002f\\u003a-\\u0040])';
const readings: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`[$]${before}|${inside}[$]`, 'g'), 's'],
  [new RegExp(`[€]${before}|${inside}[€]`, 'g'), 'e'],
  [new RegExp(`!${before}`, 'g'), 'i'],
  [new RegExp(`${inside}@${before}`, 'g'), 'a'],
];
const conjunctions = [' n ', ' and '];

function joinedForms(plain: string, spelled: string[], words: string[]): string[] {
  const read = readings.reduce((text, [found, letter]) => text.replace(found, letter), plain);
  const withWord = new RegExp(`${inside}&${before}`).test(read)
    ? conjunctions.map((word) => read.replace('&', word))
    : [];
  const texts = [read, ...withWord].map((text) => lettersOf(text).join(''));
  const forms = distinct([words.join(''), spelled.join(''), ...texts]);
  return words.length > 1 ? forms : forms.filter((form) => form !== words[0]);
}

export const distinct = <T>(values: readonly (T | null)[]): T[] => [
  ...new Set(values.filter((value): value is T => value !== null && value !== '')),
];
