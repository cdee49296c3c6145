import { invalid, valid, type Checked } from './checked.js';

/**
 * Bytes of a file to a JSON value, or a problem that says where the JSON is broken. V8 names a
 * position in some of its messages only, so a second, slow pass finds it when parsing failed.
 */
export function parseJsonFile(bytes: Uint8Array, bytesMax: number): Checked<unknown> {
  if (bytes.length === 0) return wrong('is empty');
  if (bytes.length > bytesMax) return wrong(`is larger than ${bytesMax} bytes`);
  const text = decodeText(bytes);
  if (text === null) return wrong('is not a JSON file (it is not UTF-8 text)');
  try {
    return valid(JSON.parse(text));
  } catch {
    return wrong(`is not valid JSON: ${placeOf(text, jsonErrorOffset(text))}`);
  }
}

const wrong = (message: string): Checked<never> => invalid([{ path: '', message }]);

/** A byte order mark is dropped; a NUL cannot occur in a text file. */
function decodeText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const found = offset >= text.length ? 'end of file' : JSON.stringify(text[offset]);
  return `unexpected ${found} at line ${line}, column ${column} (position ${offset})`;
}

const space = /[ \t\n\r]*/y;
// Unrolled, so that an unterminated string of megabytes fails in linear time.
const key = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const other = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/;
const scalar = new RegExp(`${key.source}|${other.source}`, 'y');

/** What may come next. `first` states also allow the closing bracket. */
type Expect = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'after';

/**
 * Offset of the first character that cannot continue a JSON text. Walks with its own stack: a
 * hostile file nests deeper than the call stack.
 */
export function jsonErrorOffset(text: string): number {
  const open: ('[' | '{')[] = [];
  let expect: Expect = 'value';
  let at = skip(space, text, 0);
  while (at < text.length) {
    if (expect === 'after' && open.length === 0) return at;
    const next: Step | null = step(text, at, expect, open);
    if (next === null) return at;
    expect = next.expect;
    at = skip(space, text, next.at);
  }
  return text.length;
}

interface Step {
  readonly at: number;
  readonly expect: Expect;
}

function step(text: string, at: number, expect: Expect, open: ('[' | '{')[]): Step | null {
  const character = text[at];
  switch (expect) {
    case 'colon':
      return character === ':' ? { at: at + 1, expect: 'value' } : null;
    case 'first-key':
    case 'key':
      if (character === '}' && expect === 'first-key') return closed(at, open);
      return token(key, text, at, 'colon');
    case 'after':
      return afterValue(character, at, open);
    case 'first-item':
    case 'value':
      if (character === ']' && expect === 'first-item') return closed(at, open);
      if (character === '[' || character === '{') {
        open.push(character);
        return { at: at + 1, expect: character === '[' ? 'first-item' : 'first-key' };
      }
      return token(scalar, text, at, 'after');
  }
}

function afterValue(character: string, at: number, open: ('[' | '{')[]): Step | null {
  const inside = open[open.length - 1];
  if (character === ',') return { at: at + 1, expect: inside === '[' ? 'value' : 'key' };
  const closes = (inside === '[' && character === ']') || (inside === '{' && character === '}');
  return closes ? closed(at, open) : null;
}

function closed(at: number, open: ('[' | '{')[]): Step {
  open.pop();
  return { at: at + 1, expect: 'after' };
}

function token(pattern: RegExp, text: string, at: number, expect: Expect): Step | null {
  const end = skip(pattern, text, at);
  return end > at ? { at: end, expect } : null;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
