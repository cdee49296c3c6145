import type { By } from '#libs/inventory/by.js';
import type { BestAvailable, HoldSeats } from '#libs/inventory/commands.js';
import type { MinorUnits } from '#libs/inventory/ids.js';
import { MalformedFrame, type FrameReader } from './frame-reader.js';
import { FrameWriter, Unencodable } from './frame-writer.js';
import { limits } from './limits.js';
import type { CommandItem } from './wire.js';

/**
 * The tail of a command batch: what some of its items say beyond version 1. An entry is a list of
 * notes, each for one item that has one: how many items lie between it and the one before, and the
 * number of its value. A value is spelt out where it is first used, so that many items with
 * the same trace cost two bytes each.
 */
const tags = {
  trace: 1,
  by: 2,
  expectedTotal: 3,
  wheelchairs: 4,
  wishes: 5,
  address: 6,
  span: 7,
  partyMax: 8,
} as const;
/** All up to it are read here; a tail may have others behind. */
export const lastNoteTag = Math.max(...Object.values(tags));
const roles = { buyer: 1, operator: 2, system: 3 } as const satisfies Record<By['role'], number>;

const traceBytes = 16;
const spanBytes = 8;
const spanForm = /^(?!0{16})[0-9a-f]{16}$/;
const traceForm = /^(?!0{32})[0-9a-f]{32}$/;
const addressForm = /^[A-Za-z0-9_-]{11}$/;
const noTrace = '0'.repeat(2 * traceBytes);
const noSpan = '0'.repeat(2 * spanBytes);

/** Grows with its batch; `finish` gives the tail and empties it. */
export class ItemNotes {
  private readonly traces = new NoteList();
  private readonly callers = new NoteList();
  private readonly totals = new NoteList();
  private readonly needs = new NoteList();
  private readonly wishes = new NoteList();
  private readonly addresses = new NoteList();
  private readonly spans = new NoteList();
  private readonly parties = new NoteList();
  private readonly out = new FrameWriter(1024);

  /** Throws Unencodable when the receiver would refuse it; then nothing was added. */
  add(index: number, { trace, by, address, span, request }: CommandItem): void {
    if (trace !== undefined && !traceForm.test(trace)) throw new Unencodable('not a trace id');
    if (address !== undefined && !addressForm.test(address)) throw new Unencodable('no address');
    if (span !== undefined && !spanForm.test(span)) throw new Unencodable('not a span id');
    if (by?.role === 'operator' && !fits(by.name)) {
      throw new Unencodable('the name of an operator is too long, or no text');
    }
    if (trace !== undefined) this.traces.add(index, trace, (out) => out.hex(trace));
    if (by !== undefined) this.callers.add(index, keyOf(by), (out) => writeBy(out, by));
    if (address !== undefined) this.addresses.add(index, address, (out) => out.text(address));
    if (span !== undefined) this.spans.add(index, span, (out) => out.hex(span));
    if (request.type !== 'HoldSeats') return;
    const { expectedTotal, wheelchairs, partyMax } = request;
    if (expectedTotal !== undefined) addCount(this.totals, index, expectedTotal);
    if (wheelchairs !== undefined) addCount(this.needs, index, wheelchairs);
    if (partyMax !== undefined) addCount(this.parties, index, partyMax);
    if (!hasWishes(request)) return;
    const flags = request.best.flatMap(({ having, avoiding }) => [having ?? 0, avoiding ?? 0]);
    this.wishes.add(index, flags.join(), (out) => out.counts(flags));
  }

  finish(): FrameWriter {
    this.out.rewind(0);
    this.traces.moveTo(this.out, tags.trace);
    this.callers.moveTo(this.out, tags.by);
    this.totals.moveTo(this.out, tags.expectedTotal);
    this.needs.moveTo(this.out, tags.wheelchairs);
    this.wishes.moveTo(this.out, tags.wishes);
    this.addresses.moveTo(this.out, tags.address);
    this.spans.moveTo(this.out, tags.span);
    this.parties.moveTo(this.out, tags.partyMax);
    return this.out;
  }
}

/** True when the item says something that is a note. */
export const hasNotes = ({ trace, by, address, span, request }: CommandItem): boolean =>
  trace !== undefined ||
  by !== undefined ||
  address !== undefined ||
  span !== undefined ||
  hasTerms(request);

/** True when version 1 would leave out something on which the answer depends. */
export const hasTerms = (request: CommandItem['request']): boolean =>
  request.type === 'HoldSeats' &&
  (request.expectedTotal !== undefined ||
    request.wheelchairs !== undefined ||
    request.partyMax !== undefined ||
    hasWishes(request));

/** Flags that a block is chosen by; most holds have no block. */
function hasWishes({ best }: HoldSeats): boolean {
  for (let i = 0; i < best.length; i++) {
    if (best[i].having !== undefined || best[i].avoiding !== undefined) return true;
  }
  return false;
}

function addCount(list: NoteList, index: number, count: number): void {
  list.add(index, String(count), (out) => out.count(count));
}

/** Half a character would arrive as another one, and two names as the same. */
const fits = (name: string): boolean =>
  Buffer.byteLength(name) <= limits.operatorNameBytesMax && !/\p{Cs}/u.test(name);

/** One entry of the tail while it grows. */
class NoteList {
  private readonly out = new FrameWriter(1024);
  private readonly numbers = new Map<string, number>();
  private next = 0;

  add(index: number, key: string, write: (out: FrameWriter) => void): void {
    this.out.count(index - this.next);
    this.next = index + 1;
    const known = this.numbers.get(key);
    this.out.count(known ?? this.numbers.size);
    if (known !== undefined) return;
    this.numbers.set(key, this.numbers.size);
    write(this.out);
  }

  moveTo(tail: FrameWriter, tag: number): void {
    if (this.out.length > 0) {
      tail.count(tag);
      tail.part(this.out);
    }
    this.out.rewind(0);
    this.numbers.clear();
    this.next = 0;
  }
}

/** An item that was just read, before anybody else has it. */
type OpenItem = { -readonly [Field in keyof CommandItem]: CommandItem[Field] };

/** Puts one entry of a tail to the items it is about. */
export function readItemNotes(
  items: readonly CommandItem[],
  tag: number,
  entry: FrameReader,
): void {
  switch (tag) {
    case tags.trace:
      readNotes(items, entry, readTrace, (item, trace) => void (item.trace = trace));
      return;
    case tags.by:
      readNotes(items, entry, readBy, (item, by) => void (item.by = by));
      return;
    case tags.expectedTotal:
      readNotes(items, entry, readCount, (item, count) => {
        if (item.request.type !== 'HoldSeats') throw new MalformedFrame('a price of no hold');
        item.request = { ...item.request, expectedTotal: count as MinorUnits };
      });
      return;
    case tags.wheelchairs:
      readNotes(items, entry, readCount, (item, wheelchairs) => {
        if (item.request.type !== 'HoldSeats') throw new MalformedFrame('a need of no hold');
        item.request = { ...item.request, wheelchairs };
      });
      return;
    case tags.partyMax:
      readNotes(items, entry, readCount, (item, partyMax) => {
        if (item.request.type !== 'HoldSeats') throw new MalformedFrame('a party of no hold');
        item.request = { ...item.request, partyMax };
      });
      return;
    case tags.address:
      readNotes(items, entry, readAddress, (item, address) => void (item.address = address));
      return;
    case tags.span:
      readNotes(items, entry, readSpan, (item, span) => void (item.span = span));
      return;
    case tags.wishes:
      readNotes(items, entry, readFlags, (item, flags) => {
        if (item.request.type !== 'HoldSeats') throw new MalformedFrame('a wish of no hold');
        item.request = { ...item.request, best: withWishes(item.request.best, flags) };
      });
  }
}

function readNotes<Value>(
  items: readonly OpenItem[],
  entry: FrameReader,
  read: (entry: FrameReader) => { key: string; value: Value },
  note: (item: OpenItem, value: Value) => void,
): void {
  const values: Value[] = [];
  const keys = new Set<string>();
  if (entry.atEnd) throw new MalformedFrame('an entry without a note');
  for (let next = 0; !entry.atEnd;) {
    const index = next + entry.count();
    const number = entry.count();
    if (index >= items.length) throw new MalformedFrame('a note for no item');
    if (number > values.length) throw new MalformedFrame('unknown value of a note');
    if (number === values.length) {
      const { key, value } = read(entry);
      if (keys.has(key)) throw new MalformedFrame('a value is spelt twice');
      keys.add(key);
      values.push(value);
    }
    note(items[index], values[number]);
    next = index + 1;
  }
}

function readTrace(entry: FrameReader): { key: string; value: string } {
  const trace = entry.hex(traceBytes);
  if (trace === noTrace) throw new MalformedFrame('no trace id');
  return { key: trace, value: trace };
}

function readSpan(entry: FrameReader): { key: string; value: string } {
  const span = entry.hex(spanBytes);
  if (span === noSpan) throw new MalformedFrame('no span id');
  return { key: span, value: span };
}

function readAddress(entry: FrameReader): { key: string; value: string } {
  const address = entry.text();
  if (!addressForm.test(address)) throw new MalformedFrame('no address');
  return { key: address, value: address };
}

function readCount(entry: FrameReader): { key: string; value: number } {
  const value = entry.count();
  return { key: String(value), value };
}

function readFlags(entry: FrameReader): { key: string; value: readonly number[] } {
  const value = entry.counts();
  if (!value.some((flags) => flags > 0)) throw new MalformedFrame('wishes for nothing');
  return { key: value.join(), value };
}

/** Two numbers a block; 0: no wish. */
function withWishes(best: readonly BestAvailable[], flags: readonly number[]): BestAvailable[] {
  if (flags.length !== 2 * best.length) throw new MalformedFrame('wishes of other blocks');
  return best.map((block, i) => {
    const [having, avoiding] = [flags[2 * i], flags[2 * i + 1]];
    return {
      ...block,
      ...(having === 0 ? {} : { having }),
      ...(avoiding === 0 ? {} : { avoiding }),
    };
  });
}

const keyOf = (by: By): string => (by.role === 'operator' ? `operator ${by.name}` : by.role);

function writeBy(out: FrameWriter, by: By): void {
  out.byte(roles[by.role]);
  if (by.role === 'operator') out.text(by.name, limits.operatorNameBytesMax);
}

function readBy(entry: FrameReader): { key: string; value: By } {
  const value = readRole(entry);
  return { key: keyOf(value), value };
}

function readRole(entry: FrameReader): By {
  switch (entry.byte()) {
    case roles.buyer:
      return { role: 'buyer' };
    case roles.operator:
      return { role: 'operator', name: entry.text(limits.operatorNameBytesMax) };
    case roles.system:
      return { role: 'system' };
    default:
      throw new MalformedFrame('unknown role');
  }
}
