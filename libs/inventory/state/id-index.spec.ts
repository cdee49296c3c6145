import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { AssertionFailed } from '../assert.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import { IdKey } from './id-key.js';

const keyOf = (id: string) => new IdKey().read(id);

/** An index over a column, with slots given out in turn. */
class Ids {
  readonly column = new IdColumn();
  readonly index = new IdIndex(this.column);
  private slots = 0;

  add(id: string): number {
    const key = keyOf(id);
    this.column.set(++this.slots, key);
    this.index.add(key, this.slots);
    return this.slots;
  }

  /** There must be room. */
  addTogether(ids: readonly string[]): boolean {
    const first = this.slots + 1;
    for (const id of ids) {
      const key = keyOf(id);
      this.column.set(++this.slots, key);
      this.index.note(this.slots, key.hash);
    }
    return this.index.addNoted(first, this.slots + 1);
  }

  find(id: string): number {
    return this.index.find(keyOf(id));
  }
}

/** Two ids with one hash. */
function twins(): [string, string] {
  const byHash = new Map<number, string>();
  for (let n = 0; ; n++) {
    const { hash } = keyOf(`c${n}`);
    const twin = byHash.get(hash);
    if (twin !== undefined) return [twin, `c${n}`];
    byHash.set(hash, `c${n}`);
  }
}

describe('the index of ids', () => {
  const id = fc.oneof(
    fc.integer({ min: 0, max: 60 }).map((n) => `id-${n}`),
    fc.integer({ min: 0, max: 9 }).map((n) => `Größe ${'x'.repeat(n * 3)}`),
  );

  it('finds what a Map would find', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 400 }), fc.nat(300), (ids, reserved) => {
        const mine = new Ids();
        mine.index.reserve(reserved);
        const model = new Map<string, number>();
        for (const one of ids) {
          expect(mine.find(one)).toBe(model.get(one) ?? 0);
          const slot = model.get(one);
          if (slot === undefined) model.set(one, mine.add(one));
          else mine.index.remove(slot);
          if (slot !== undefined) model.delete(one);
          expect(mine.index.size).toBe(model.size);
        }
        for (const [one, slot] of model) expect(mine.find(one)).toBe(slot);
        for (const [one, slot] of model) expect(mine.column.idAt(slot)).toBe(one);
      }),
    );
  });

  it('finds ids that were made to collide, and forgets them again', () => {
    const colliding: string[] = [];
    for (let n = 0; colliding.length < 120; n++) {
      if ((keyOf(`k${n}`).hash & 0xfff) === 0) colliding.push(`k${n}`);
    }
    const mine = new Ids();
    const slots = colliding.map((one) => mine.add(one));
    expect(colliding.map((one) => mine.find(one))).toEqual(slots);
    slots.filter((_, i) => i % 2 === 0).forEach((slot) => mine.index.remove(slot));
    expect(colliding.map((one) => mine.find(one))).toEqual(
      slots.map((slot, i) => (i % 2 === 0 ? 0 : slot)),
    );
  });

  it('keeps an id that collides too often where it is looked for', () => {
    const crowd: string[] = [];
    for (let n = 0; crowd.length < 40; n++) {
      if ((keyOf(`k${n}`).hash & 0xfff) === 0) crowd.push(`k${n}`);
    }
    const mine = new Ids();
    mine.index.reserve(200);
    for (const one of crowd) {
      // Looked for, and not added: a command that was refused.
      expect(mine.find(`nobody ${one}`)).toBe(0);
      expect(mine.find(one)).toBe(0);
      const slot = mine.add(one);
      expect(mine.find(one)).toBe(slot);
    }
  });

  it('finds what a Map would find in a crowd, with looks for others in between', () => {
    const crowd: string[] = [];
    for (let n = 0; crowd.length < 150; n++) {
      if ((keyOf(`c${n}`).hash & 0x1ff) < 2) crowd.push(`c${n}`);
    }
    const step = fc.record({
      id: fc.constantFrom(...crowd),
      looks: fc.array(fc.oneof(fc.constantFrom(...crowd), id), { maxLength: 2 }),
      isForgotten: fc.nat(4).map((n) => n === 0),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 200 }), (steps) => {
        const mine = new Ids();
        mine.index.reserve(200);
        const model = new Map<string, number>();
        for (const { id: one, looks, isForgotten } of steps) {
          for (const look of looks) expect(mine.find(look)).toBe(model.get(look) ?? 0);
          const slot = model.get(one);
          if (slot === undefined) model.set(one, mine.add(one));
          if (slot === undefined || !isForgotten) continue;
          mine.index.remove(slot);
          model.delete(one);
        }
        for (const one of crowd) expect(mine.find(one)).toBe(model.get(one) ?? 0);
      }),
    );
  });

  it('tells ids apart whose whole hash is the same (G4)', () => {
    const [one, other] = twins();
    const mine = new Ids();
    const slot = mine.add(one);
    expect(mine.find(other)).toBe(0);
    expect([mine.add(other), mine.find(one)]).toEqual([slot + 1, slot]);
  });
});

describe('ids that a loader adds together', () => {
  const collide = (mask: number, count: number): string[] => {
    const found: string[] = [];
    for (let n = 0; found.length < count; n++) {
      if ((keyOf(`k${n}`).hash & mask) === 0) found.push(`k${n}`);
    }
    return found;
  };
  const crowd = collide(0xfff, 60);

  it('are found as those that were added one by one, in runs of any length', () => {
    const some = fc.uniqueArray(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...crowd)),
      { maxLength: 90 },
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 40 }), (ids, run) => {
        const mine = new Ids();
        mine.index.reserve(ids.length);
        for (let at = 0; at < ids.length; at += run) {
          expect(mine.addTogether(ids.slice(at, at + run))).toBe(true);
        }
        expect(mine.index.size).toBe(ids.length);
        expect(ids.map((one) => mine.find(one))).toEqual(ids.map((_, i) => i + 1));
        ids.forEach((_, i) => i % 2 === 0 && mine.index.remove(i + 1));
        expect(ids.map((one) => mine.find(one))).toEqual(ids.map((_, i) => (i % 2) * (i + 1)));
      }),
    );
  });

  it('are refused when one of them is there already (G4)', () => {
    for (const ids of [
      ['a', 'b', 'a'],
      [...crowd, crowd[0]],
      [...crowd, crowd[59]],
    ]) {
      const mine = new Ids();
      mine.index.reserve(ids.length);
      expect(mine.addTogether(ids)).toBe(false);
      const inTwo = new Ids();
      inTwo.index.reserve(ids.length);
      expect(inTwo.addTogether(ids.slice(0, -1))).toBe(true);
      expect(inTwo.addTogether(ids.slice(-1))).toBe(false);
    }
  });

  it('have had room reserved, or it is a bug', () => {
    expect(() => new Ids().addTogether(crowd)).toThrow(AssertionFailed);
  });

  it('are told apart when their whole hash is the same (G4)', () => {
    const [one, other] = twins();
    const mine = new Ids();
    mine.index.reserve(2);
    expect(mine.addTogether([one, other])).toBe(true);
    expect([mine.find(one), mine.find(other)]).toEqual([1, 2]);
  });
});
