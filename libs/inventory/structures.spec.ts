import { createHash } from 'node:crypto';
import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { AssertionFailed } from './assert.js';
import { BuyerCounts } from './buyer-counts.js';
import { ExpiryHeap } from './expiry-heap.js';
import { FifoMap } from './fifo-map.js';
import { IdIndex } from './id-index.js';
import type { UserId } from './ids.js';
import { sha256Hex } from './sha256.js';
import { finishHash, mixText } from './text-hash.js';

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

describe('the index of ids', () => {
  const id = fc.integer({ min: 0, max: 60 }).map((n) => `id-${n}`);

  it('finds what a Map would find', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 400 }), (ids) => {
        const index = new IdIndex();
        const model = new Map<string, number>();
        for (const one of ids) {
          expect(index.find(one)).toBe(model.get(one) ?? 0);
          const slot = model.get(one);
          if (slot === undefined) model.set(one, index.add(one));
          else index.remove(slot);
          if (slot !== undefined) model.delete(one);
          expect(index.size).toBe(model.size);
        }
        for (const [one, slot] of model) expect(index.find(one)).toBe(slot);
        expect(index.slots()).toEqual([...model.values()].sort((a, b) => a - b));
      }),
    );
  });

  it('finds ids that were made to collide, and forgets them again', () => {
    const colliding: string[] = [];
    for (let n = 0; colliding.length < 120; n++) {
      if ((finishHash(mixText(0, `k${n}`)) & 0xfff) === 0) colliding.push(`k${n}`);
    }
    const index = new IdIndex();
    const slots = colliding.map((one) => index.add(one));
    expect(colliding.map((one) => index.find(one))).toEqual(slots);
    slots.filter((_, i) => i % 2 === 0).forEach((slot) => index.remove(slot));
    expect(colliding.map((one) => index.find(one))).toEqual(
      slots.map((slot, i) => (i % 2 === 0 ? 0 : slot)),
    );
  });
});

describe('the bounded memory', () => {
  it('holds the last entries in order, whatever was inserted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(40), (limit, count) => {
        const memory = new FifoMap<string, number>(limit);
        for (let n = 0; n < count; n++) memory.insert(`k${n}`, n);
        const seen: number[] = [];
        memory.forEach((_, value) => seen.push(value));
        const kept = Array.from({ length: count }, (_, n) => n).slice(-limit);
        expect(seen).toEqual(kept);
        expect(memory.size).toBe(kept.length);
        expect(kept.map((n) => memory.get(`k${n}`))).toEqual(kept);
        expect(memory.get(`k${count - limit - 1}`)).toBeUndefined();
      }),
    );
  });

  it('refuses a key that it still remembers', () => {
    const memory = new FifoMap<string, number>(2);
    memory.insert('a', 1);
    expect(() => memory.insert('a', 2)).toThrow(AssertionFailed);
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
