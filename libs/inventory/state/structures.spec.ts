import { createHash } from 'node:crypto';
import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { AssertionFailed } from '../assert.js';
import { BuyerCounts } from './buyer-counts.js';
import { ExpiryHeap } from './expiry-heap.js';
import { CommandWindow } from './command-window.js';
import type { Outcome } from '../rules/decision.js';
import { EndedHolds } from './ended-holds.js';
import { IdKey, unpackId } from './id-key.js';
import type { CommandId, HoldId, UserId } from '../ids.js';
import { refusalCodes, type Refusal } from '../refusal-codes.js';
import { WordLog } from './word-log.js';
import { mayBeOfNamedSeats, readAnswer, skipAnswer, writeAnswer } from '../codec/answer-codec.js';
import { ByteReader, CorruptBytes } from '../codec/byte-reader.js';
import { ByteWriter } from '../codec/byte-writer.js';
import { sha256Hex } from '../codec/sha256.js';

describe('the digest', () => {
  const ascii = (text: string) => new TextEncoder().encode(text);

  it('gives the examples of the SHA-256 standard', () => {
    expect(sha256Hex(ascii(''))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(sha256Hex(ascii('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(sha256Hex(ascii('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it("agrees with Node's own at every length around a block", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });
});

/** Ids as they are sent: our own, a caller's key, and what nobody should send. */
const anyId = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab0_-./'), minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.nat(0xffff).map((unit) => `half ${String.fromCharCode(unit)}`),
);
const keyOf = (id: string) => new IdKey().read(id);
const packed = (id: string) => {
  const { words, size, code } = keyOf(id);
  return `${code} ${words.subarray(0, size).join()}`;
};

describe('a packed id', () => {
  it('is the same text again, whatever was in it', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const key = keyOf(id);
        expect(unpackId(key.words, 0, key.code)).toBe(id);
        expect(key.isSound).toBe(true);
        const taken = new IdKey();
        expect(taken.take(key.words, 0, 0, key.code)).toBe(true);
        expect([taken.text, taken.hash, taken.size]).toEqual([id, key.hash, key.size]);
        const moved = Int32Array.of(7, ...key.words.subarray(0, key.size));
        const loaded = new IdKey().load(moved, 1, key.code);
        expect([loaded.text, loaded.hash, loaded.size]).toEqual([id, key.hash, key.size]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the same from the bytes of its text, and gives them again', () => {
    fc.assert(
      fc.property(anyId, fc.nat(3), (id, start) => {
        const bytes = Uint8Array.from(id, (unit) => Math.min(0xff, unit.charCodeAt(0)));
        const text = Uint8Array.of(...new Uint8Array(start), ...bytes, 0x41);
        const isAscii = [...id].every((unit) => unit.charCodeAt(0) < 0x80);
        const key = new IdKey();
        expect(key.read(id).readAscii(text, start, bytes.length)).toBe(isAscii);
        if (!isAscii) expect(key.read(id).equals(keyOf(id).words, 0)).toBe(true);
        if (!isAscii) return;
        const { words, size, code, hash } = keyOf(id);
        expect([key.code, key.size, key.hash]).toEqual([code, size, hash]);
        expect(key.words.subarray(0, size)).toEqual(words.subarray(0, size));
        const again = new Uint8Array(start + bytes.length);
        key.copyAscii(again, start);
        expect(again.subarray(start)).toEqual(bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is packed like no other id (G4)', () => {
    const ids = [
      '',
      'a',
      'aa',
      'b',
      'A',
      'aaaaaa',
      'aaaaaaa',
      '\u0000',
      '\u0000\u0000',
      'é',
      'ab\u0100',
    ];
    expect(new Set(ids.map(packed)).size).toBe(ids.length);
    fc.assert(
      fc.property(anyId, anyId, (one, other) => {
        expect(packed(one) === packed(other)).toBe(one === other);
      }),
    );
  });

  it('is unsound in any form that reading the text does not give', () => {
    const asBytes = new IdKey().load(Int32Array.of(0x61616161), 0, (4 << 2) | 1);
    expect([asBytes.text, asBytes.isSound]).toEqual(['aaaa', false]);
    const tooLarge = new IdKey().load(Int32Array.of(40), 0, 1 << 2);
    expect(tooLarge.isSound).toBe(false);
    const noForm = new IdKey().load(Int32Array.of(1), 0, (1 << 2) | 3);
    expect(noForm.isSound).toBe(false);
    for (const { words, code } of [asBytes, tooLarge, noForm]) {
      expect(new IdKey().take(words, 0, 0, code)).toBe(false);
    }
    const whole = Int32Array.of(0, 40 ** 6);
    expect(new IdKey().take(whole, 0, 0, 12 << 2)).toBe(false);
    expect(new IdKey().take(whole, 1, 0, 6 << 2)).toBe(false);
  });
});

const seatList = fc
  .uniqueArray(fc.nat(0xffff_ffff), { maxLength: 5 })
  .map((seats) => seats.sort((a, b) => a - b));
const money = fc.oneof(fc.nat(9_000), fc.maxSafeNat());
const holdAnswer = fc.record(
  {
    type: fc.constant('hold'),
    holdId: anyId,
    seats: seatList,
    areas: fc.array(fc.record({ area: fc.nat(5), quantity: fc.nat(9) }), { maxLength: 1 }),
    totalMinor: money,
    deadlineMs: fc.nat(2 ** 31).map((n) => 1_800_000_000_000 + n),
    attemptId: fc.string(),
  },
  { requiredKeys: ['type', 'holdId', 'seats', 'areas', 'totalMinor', 'deadlineMs'] },
);
const answer = fc.oneof(
  { weight: 3, arbitrary: holdAnswer },
  { weight: 1, arbitrary: fc.constant({ type: 'done' }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { code: fc.constantFrom(...refusalCodes), seats: seatList, limit: fc.nat(9) },
      { requiredKeys: ['code'] },
    ),
  },
) as fc.Arbitrary<unknown> as fc.Arbitrary<Outcome | Refusal>;

const anyOutcome = fc.oneof(
  answer,
  fc.record({
    type: fc.constant('booking'),
    bookingId: anyId,
    holdId: anyId,
    seats: seatList,
    areas: fc.array(fc.record({ area: fc.nat(5), quantity: fc.nat(9) }), { maxLength: 2 }),
    totalMinor: money,
  }),
  fc.record({ type: fc.constant('cancelled'), bookingId: anyId, seats: seatList }),
) as fc.Arbitrary<unknown> as fc.Arbitrary<Outcome | Refusal>;

describe('an answer that is only walked over', () => {
  it('ends where one that is read ends, and is refused where that is (G4)', () => {
    const ends = (bytes: Uint8Array, walk: (from: ByteReader) => unknown): number => {
      const from = new ByteReader(bytes);
      try {
        walk(from);
      } catch (error) {
        if (!(error instanceof CorruptBytes)) throw error;
        return -1;
      }
      return from.position;
    };
    const flips = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 2 });
    fc.assert(
      fc.property(anyOutcome, flips, fc.nat(3), (given, changes, cut) => {
        const to = new ByteWriter();
        const refused = 'code' in given;
        writeAnswer(
          to,
          refused ? { kind: 'refused', refusal: given } : { kind: 'accepted', outcome: given },
        );
        const whole = to.take();
        for (const [at, byte] of changes) if (at < whole.length) whole[at] = byte;
        const bytes = whole.subarray(0, whole.length - (cut === 0 ? 1 : 0));
        const readInstead = mayBeOfNamedSeats(new ByteReader(bytes));
        expect(ends(bytes, skipAnswer)).toBe(readInstead ? -1 : ends(bytes, readAnswer));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('the window of commands', () => {
  it('gives the last answers again word for word, whatever came (G4)', () => {
    const command = fc.tuple(fc.nat(12), anyId, fc.integer(), answer);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(command, { maxLength: 60 }),
        (limit, commands) => {
          const window = new CommandWindow(limit);
          const model = new Map<string, [number, Outcome | Refusal]>();
          for (const [n, text, fingerprint, given] of commands) {
            const id = `${n} ${text}`;
            if (model.has(id)) continue;
            if (model.size === limit) model.delete([...model.keys()][0]);
            model.set(id, [fingerprint, given]);
            window.insert(keyOf(id), fingerprint, given);
            expect(window.size).toBe(model.size);
          }
          for (const [, text] of commands) expect(window.find(text as CommandId)).toBe(0);
          for (const [id, [fingerprint, given]] of model) {
            const slot = window.find(id as CommandId);
            expect(window.fingerprintAt(slot)).toBe(fingerprint);
            const kept = window.answerAt(slot);
            expect(kept.kind === 'accepted' ? kept.outcome : kept.refusal).toEqual(given);
          }
          const order = Array.from(model.keys(), (_, i) => window.idAt(window.slotOf(i)));
          expect(order).toEqual([...model.keys()]);
        },
      ),
    );
  });

  it('refuses a command that it still remembers', () => {
    const window = new CommandWindow(2);
    window.insert(keyOf('a'), 1, { type: 'done' });
    expect(() => window.insert(keyOf('a'), 2, { type: 'done' })).toThrow(AssertionFailed);
  });
});

describe('the log of words', () => {
  it('keeps what was not forgotten, and takes no more chunks than that needs', () => {
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 9_000, max: 40_000 })),
      {
        minLength: 2,
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 6 }), (entries, limit) => {
        const log = new WordLog();
        const live: { position: number; size: number; mark: number }[] = [];
        entries.forEach((size, mark) => {
          const position = log.allocate(size);
          if (live.length === limit) log.forget(live[0].position, live[1]?.position ?? position);
          if (live.length === limit) live.shift();
          const at = log.offsetAt(position);
          log.chunkAt(position).fill(mark, at, at + size);
          live.push({ position, size, mark });
        });
        for (const { position, size, mark } of live) {
          const at = log.offsetAt(position);
          const words = log.chunkAt(position).subarray(at, at + size);
          expect(words.length).toBe(size);
          expect(words.every((word) => word === mark)).toBe(true);
        }
        expect(log.chunkCount).toBeLessThanOrEqual(limit + 2);
      }),
    );
  });

  it('grows by many chunks at once when it is large, each for itself and used again', () => {
    const log = new WordLog();
    const [words, entries] = [12_000, 60];
    const positions = Array.from({ length: entries }, (_, mark) => {
      const position = log.allocate(words);
      const at = log.offsetAt(position);
      log.chunkAt(position).fill(mark, at, at + words);
      return position;
    });
    positions.forEach((position, mark) => {
      const at = log.offsetAt(position);
      const kept = log.chunkAt(position).subarray(at, at + words);
      expect(kept.every((word) => word === mark)).toBe(true);
    });
    const before = log.chunkCount;
    expect(before).toBeGreaterThanOrEqual(entries);
    expect(before).toBeLessThan(entries + 10);
    for (let i = 1; i < entries; i++) log.forget(positions[i - 1], positions[i]);
    const chunks = new Set(positions.map(() => log.chunkAt(log.allocate(words)).buffer));
    expect(log.chunkCount).toBeLessThanOrEqual(before + 1);
    expect(chunks.size).toBeLessThan(entries);
  });
});

describe('the memory of ended holds', () => {
  it('holds the last ones in order, and lets go of the buyers of the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(40), (limit, count) => {
        const buyers = new BuyerCounts();
        const memory = new EndedHolds(limit, buyers);
        for (let n = 0; n < count; n++) {
          memory.insert(keyOf(`k${n}`), buyers.keep(keyOf(`u${n % 20}`)), 'released');
        }
        const keptOnes = Array.from({ length: count }, (_, n) => n).slice(-limit);
        const seen = keptOnes.map((_, i) => memory.idAt(memory.slotOf(i)));
        expect(seen).toEqual(keptOnes.map((n) => `k${n}`));
        expect(memory.size).toBe(keptOnes.length);
        expect(keptOnes.map((n) => memory.get(`k${n}` as HoldId))).toEqual(
          keptOnes.map((n) => ({ userId: `u${n % 20}`, end: 'released' })),
        );
        expect(memory.get(`k${count - limit - 1}` as HoldId)).toBeUndefined();
        expect(buyers.size).toBe(new Set(keptOnes.map((n) => n % 20)).size);
      }),
    );
  });

  it('refuses a hold that it still remembers', () => {
    const buyers = new BuyerCounts();
    const memory = new EndedHolds(2, buyers);
    memory.insert(keyOf('a'), buyers.keep(keyOf('u')), 'expired');
    const again = () => memory.insert(keyOf('a'), buyers.keep(keyOf('u')), 'expired');
    expect(again).toThrow(AssertionFailed);
  });
});

describe('the deadlines', () => {
  it('fall due in order of time and then of making, after any moves and removals', () => {
    const change = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.option(fc.nat(20)));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), fc.nat(20), (changes, nowMs) => {
        const heap = new ExpiryHeap();
        const model = new Map<number, { deadline: number; order: number }>();
        changes.forEach(([slot, deadline], order) => {
          const known = model.get(slot);
          if (deadline === null) {
            if (known !== undefined) heap.remove(slot);
            model.delete(slot);
          } else if (known === undefined) {
            heap.insert(slot, deadline, order);
            model.set(slot, { deadline, order });
          } else {
            heap.move(slot, deadline);
            known.deadline = deadline;
          }
        });
        const due = [...model]
          .filter(([, { deadline }]) => deadline <= nowMs)
          .sort(([, a], [, b]) => a.deadline - b.deadline || a.order - b.order)
          .map(([slot]) => slot);
        expect(heap.due(nowMs, 1_000)).toEqual(due);
        expect(heap.due(nowMs, 3)).toEqual(due.slice(0, 3));
        expect(heap.size).toBe(model.size);
        const first = Math.min(Infinity, ...[...model.values()].map(({ deadline }) => deadline));
        expect(heap.firstDeadlineMs).toBe(first);
      }),
    );
  });
});

describe('the places of buyers', () => {
  it('are forgotten when a buyer has none left, and never go below none', () => {
    const counts = new BuyerCounts();
    for (let n = 0; n < 40; n++) counts.add(`u${n}` as UserId, n + 1);
    for (let n = 0; n < 40; n += 2) counts.add(`u${n}` as UserId, -(n + 1));
    expect(counts.size).toBe(20);
    expect([0, 1, 38, 39].map((n) => counts.of(`u${n}` as UserId))).toEqual([0, 2, 0, 40]);
    expect(() => counts.add('u1' as UserId, -3)).toThrow(AssertionFailed);
  });
});
