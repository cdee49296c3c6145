import { limits } from '#libs/contracts/limits.js';
import { assert } from '#libs/platform/assert.js';
import type { LoopShare } from '#libs/platform/loop-share.js';

/** The names in a plan's stored document: seats by index, rows by number. */
export interface PlanNames {
  readonly ids: readonly string[];
  readonly numbers: readonly string[];
  readonly rowLabels: readonly string[];
  /** Patterns by row; null: the plan has none of its own. */
  readonly rowPatterns: readonly string[] | null;
  readonly seatPatterns: readonly string[] | null;
}

/**
 * Reads the names out of a stored document, in pieces. Parsing all of it takes 20 ms for 50,000
 * seats, most of them for coordinates that only clients want. The document is JSON.stringify's, so
 * that a text with quotes in it can be looked for: inside of a string they would be escaped.
 */
export async function readPlanNames(body: Uint8Array, share: LoopShare): Promise<PlanNames> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return {
    rowLabels: await listAfter(bytes, '"rows":{"label":[', share),
    ids: await listAfter(bytes, '"seats":{"id":[', share),
    numbers: await listAfter(bytes, '],"number":[', share),
    rowPatterns: await listIfAny(bytes, '],"row_label":[', share),
    seatPatterns: await listIfAny(bytes, '],"seat_label":[', share),
  };
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const listEnd = 0x5d;

/** Plans have these lists only when one of their rows has such a text. */
async function listIfAny(
  bytes: Buffer,
  opening: string,
  share: LoopShare,
): Promise<string[] | null> {
  return bytes.includes(opening) ? listAfter(bytes, opening, share) : null;
}

/**
 * A list of texts, of which `opening` is the beginning. Equal texts are one string: 50,000 seats
 * have a hundred numbers, and a string of its own each would be a cache miss at every label.
 */
async function listAfter(bytes: Buffer, opening: string, share: LoopShare): Promise<string[]> {
  const list: string[] = [];
  const shared = new Map<string, string>();
  const found = bytes.indexOf(opening);
  assert(found !== -1, 'a stored plan has its names');
  let at = found + opening.length;
  while (bytes[at] === quote) {
    const begins = list.length % limits.rowsAtOnce === 0;
    if (begins && !share.spend(limits.rowsAtOnce / 2)) await share.turn();
    const end = endOfText(bytes, at);
    const text = bytes.toString('utf8', at + 1, end);
    list.push(sharedText(shared, text));
    at = end + (bytes[end + 1] === comma ? 2 : 1);
  }
  assert(bytes[at] === listEnd, 'a list of names ends');
  return list;
}

function sharedText(shared: Map<string, string>, written: string): string {
  const known = shared.get(written);
  if (known !== undefined) return known;
  const text = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
  if (shared.size < limits.sharedTextsMax) shared.set(written, text);
  return text;
}

function endOfText(bytes: Buffer, at: number): number {
  let end = bytes.indexOf(quote, at + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(quote, end + 1);
  assert(end !== -1, 'a name ends');
  return end;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let before = at - 1;
  while (bytes[before] === backslash) before -= 1;
  return (at - before) % 2 === 0;
}
