import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { ByteReader, CorruptBytes } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { IdBlock, writeIds } from './id-blocks.js';
import { PlaceColumnsReader } from './place-columns-reader.js';
import { WindowColumnsReader } from './window-columns-reader.js';
import { columnKind } from './window-columns-writer.js';
import type { CommandId } from '../ids.js';
import { codeMax, IdKey, wordsOf } from '../state/id-key.js';
import { createState, decodeState, encodeState, type InventoryState } from '../inventory.js';

const layout = plainLayout([{ seats: '......' }, { seats: '......' }], [{ capacity: 9 }]);
const rules = plainRules();

/** Holds and bookings, live and gone, of seats and of areas, and answers of every kind. */
function sale(): DeciderSpec {
  const spec = new DeciderSpec(layout, rules);
  const start = 1_800_000_000_000;
  spec.run(send.openSale, { at: start, user: 'organiser', id: 'open' });
  spec.run(send.holdSeats('rsv_a', [0, 1]), { id: 'hold-a' });
  spec.run(send.holdSeats('rsv_b', [2], { areas: [[0, 2]] }), { id: 'Hold B', user: 'bøb' });
  spec.run(send.holdSeats('rsv_c', [6, 7, 8]), { id: 'hold-c', user: '買い手' });
  spec.run(send.holdSeats('rsv_d', [1]), { id: 'taken', keyed: true, user: 'dora' });
  spec.run(send.holdSeats('rsv_e', [4]), { id: 'hold-e', user: 'eve' });
  for (const name of ['a', 'b', 'e']) {
    spec.run(send.beginPayment(`rsv_${name}`, `pay_${name}`), { id: `pay-${name}` });
  }
  spec.run(send.bookHold('rsv_a', 'bkg_a', 'pay_a'), { id: 'book-a' });
  spec.run(send.bookHold('rsv_b', 'bkg_b', 'pay_b'), { id: 'book-b', user: 'bøb' });
  spec.run(send.releaseHold('rsv_c', [7]), { id: 'release', user: '買い手' });
  spec.run(send.cancelBooking('bkg_b', [2]), { id: 'cancel' });
  spec.run(send.holdSeats('rsv_f', [10]), { id: 'hold-f', user: 'fay', at: start + 9 });
  spec.run(send.releaseHold('rsv_f', [10]), { id: 'let-go', user: 'fay' });
  return spec;
}

describe('a snapshot in columns', () => {
  it('is the same, wherever in memory it begins', () => {
    const { state } = sale();
    const bytes = encodeState(state);
    for (let start = 0; start < 4; start++) {
      const moved = new Uint8Array(bytes.length + start).fill(0xff);
      moved.set(bytes, start);
      const loaded = decodeState(layout, rules, moved.subarray(start));
      expect(encodeState(loaded)).toEqual(bytes);
    }
  });

  it('is the same of a state that was loaded from any format before', () => {
    const { state } = sale();
    for (const format of [2, 3, 4, 5] as const) {
      const loaded = decodeState(layout, rules, encodeState(state, format));
      expect(encodeState(loaded)).toEqual(encodeState(state));
      expect(encodeState(loaded, 4)).toEqual(encodeState(state, 4));
    }
  });

  it('ends where it ends', () => {
    const bytes = encodeState(sale().state);
    for (let length = 0; length < bytes.length; length += 5) {
      const cut = bytes.subarray(0, length);
      expect(() => decodeState(layout, rules, cut)).toThrow(CorruptBytes);
    }
    expect(() => decodeState(layout, rules, Uint8Array.of(...bytes, 0))).toThrow(CorruptBytes);
  });

  it('has no bytes of which a change makes half a state', () => {
    const bytes = encodeState(sale().state);
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.map((byte, i) => (i === at ? byte ^ 0x41 : byte));
      const state = orCorrupt(() => decodeState(layout, rules, changed));
      if (state === null) continue;
      const again = encodeState(state);
      expect(encodeState(decodeState(layout, rules, again))).toEqual(again);
    }
  });

  it('names no buyer for nothing', () => {
    const named = (buyers: readonly string[]) => () => {
      const from = new ByteReader(placesOf(buyers));
      for (const { begin, read, end } of sections(from)) {
        read(begin());
        end?.();
      }
    };
    expect(named([])).not.toThrow();
    expect(named(['ann'])).toThrow('a buyer of nothing');
    expect(named(['ann', 'ann'])).toThrow('buyer twice');
  });

  it('has each command once', () => {
    const id = new IdKey().read('rsv_a');
    const hold = [1 | (1 << 2) | (id.code << 12), 500, 1, 0, 3, id.words[0]];
    for (const answers of [
      [done, done],
      [hold, hold],
      [hold, done],
      [done, hold],
    ]) {
      const { window } = windowOf(['one', 'two'], answers.flat());
      expect(['one', 'two'].map((command) => window.find(command as CommandId))).toEqual([1, 2]);
      expect(() => windowOf(['one', 'one'], answers.flat())).toThrow('command twice');
    }
  });

  it('has no answers but those that are kept in words', () => {
    const id = new IdKey().read('rsv_a');
    const [other, hold] = [new IdKey().read('pay'), [1 | (1 << 2) | (id.code << 12), 500, 1, 0, 3]];
    const paying = [3 | (id.code << 12), 500, 1, 0, other.code, id.words[0], other.words[0]];
    expect(windowOf(['one'], [...hold, id.words[0]]).window.size).toBe(1);
    expect(windowOf(['one'], paying).window.size).toBe(1);
    for (const words of [
      [],
      [1],
      hold,
      [...hold, -1],
      [...hold, id.words[0], 0],
      [hold[0], 500, 1, -1, 3, id.words[0]],
      [1 | (1 << 2) | (0x2_0000 << 12), ...hold.slice(1), id.words[0]],
      [...paying.slice(0, 4), -1, ...paying.slice(5)],
      [...paying.slice(0, 6), -1],
      [0x7f << 2],
      [3 << 2, 0x01_01_01],
      [1 << 2, 0x7f],
    ]) {
      expect(() => windowOf(['one'], words)).toThrow(CorruptBytes);
    }
  });
});

describe('a block of ids', () => {
  const id = fc.oneof(
    fc.stringMatching(/^[a-z0-9_.-]{0,40}$/),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('rsv_0123456789', 'rsv_0123456788', 'rsv_0123456789ab'),
  );

  it('gives back the ids that it was made of, and only those', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 12 }), (ids) => {
        const block = blockOf(written(ids), ids.length);
        expect(ids.map(() => block.next().text)).toEqual(ids);
        block.end();
        const short = blockOf(written([...ids, 'more']), ids.length + 1);
        expect(() => short.end()).toThrow(CorruptBytes);
      }),
    );
  });

  it('leaves out the words that all of its ids begin with', () => {
    const ids = Array.from({ length: 100 }, (_, i) => `rsv_evt_000000000000_${100_000 + i}`);
    const bytes = written(ids);
    expect(bytes.length).toBeLessThan(100 * 9);
    expect(bytes.length).toBeLessThan(written([...ids, 'x']).length - 100 * 12);
  });

  it('has no id in a form that is not its own', () => {
    const ownForm = block(3 << 2, [new IdKey().read('abc').words[0]]);
    expect(blockOf(ownForm, 1).next().text).toBe('abc');
    // 'abc' as bytes; a word beyond three letters; letters beyond those of an id; a form of none.
    for (const [code, word] of [
      [(3 << 2) | 1, 0x63_62_61],
      [3 << 2, 40 ** 3],
      [(3 << 2) | 1, 0xff_62_41],
      [(3 << 2) | 3, 0],
    ]) {
      const read = () => blockOf(block(code, [word, 0]), 1).next();
      expect(read).toThrow(CorruptBytes);
    }
  });

  it('that has fewer ids than others name of it is refused', () => {
    const ids = blockOf(written(['pay_1']), 1);
    expect(ids.next().text).toBe('pay_1');
    expect(() => ids.next()).toThrow(CorruptBytes);
  });

  it('that says more than it has costs no memory', () => {
    const huge = new ByteWriter();
    for (const part of [0, 1, codeMax, 2 ** 40]) huge.uint(part);
    expect(() => blockOf(huge.take(), 1)).toThrow(CorruptBytes);
    const wide = new ByteWriter();
    wide.uint(wordsOf(codeMax) + 1);
    expect(() => blockOf(wide.take(), 1)).toThrow(CorruptBytes);
  });
});

const done = [1 << 2, 1];

function written(ids: readonly string[]): Uint8Array {
  const to = new ByteWriter();
  writeIds(to, ids.length, (i) => new IdKey().read(ids[i]));
  return to.take();
}

const blockOf = (bytes: Uint8Array, count: number): IdBlock =>
  new IdBlock(new ByteReader(bytes), count);

/** A block of one id. */
function block(code: number, words: readonly number[]): Uint8Array {
  const to = new ByteWriter();
  to.uint(0);
  to.byte(1);
  to.uint(code);
  to.uint(words.length);
  to.align();
  to.int32s(words, 0, words.length);
  return to.take();
}

/** Buyers, and no hold, booking or ended hold that names them. */
function placesOf(buyers: readonly string[]): Uint8Array {
  const to = new ByteWriter();
  const ids = (some: readonly string[]) =>
    writeIds(to, some.length, (i) => new IdKey().read(some[i]));
  const noColumns = () => {
    to.uint(0);
    to.align();
    to.uint(0);
  };
  to.uint(buyers.length);
  ids(buyers);
  to.uint(0);
  ids([]);
  noColumns();
  to.uint(0);
  ids([]);
  ids([]);
  noColumns();
  to.uint(0);
  to.uint(0);
  to.align();
  ids([]);
  return to.take();
}

const sections = (from: ByteReader) =>
  new PlaceColumnsReader(from, createState(layout, rules)).sections;

/** A window of commands whose answers are in these words. */
function windowOf(ids: readonly string[], words: readonly number[]): InventoryState {
  const to = new ByteWriter();
  to.uint(ids.length);
  writeIds(to, ids.length, (i) => new IdKey().read(ids[i]));
  ids.forEach(() => to.byte(columnKind.none));
  to.align();
  ids.forEach((_, i) => to.int32(i));
  for (const column of [[], [], words]) {
    to.uint(column.length);
    to.align();
    to.int32s(column, 0, column.length);
  }
  to.uint(0);
  writeIds(to, 0, () => new IdKey());
  const state = createState(layout, rules);
  const window = new WindowColumnsReader(new ByteReader(to.take()), state);
  window.read(window.begin());
  window.end();
  return state;
}

function orCorrupt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CorruptBytes) return null;
    if (error instanceof Error && error.name === 'LayoutMismatch') return null;
    throw error;
  }
}
