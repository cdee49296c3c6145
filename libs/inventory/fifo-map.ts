import { assert } from './assert.js';
import { IdIndex } from './id-index.js';
import { IdHasher } from './text-hash.js';

/**
 * A map of at most `limit` entries that forgets the oldest first (G8). Which entries are left
 * depends only on the order of insertions, so two owners that folded the same facts remember the
 * same things. A key is inserted at most once while it is remembered.
 */
export class FifoMap<Key extends string, Value> {
  private readonly index: IdIndex<Key>;
  /** By slot. Slots ascend until the limit is reached; then the oldest one is used again. */
  private readonly values: Value[] = [];
  private oldest = 1;

  constructor(
    readonly limit: number,
    hasher = new IdHasher(),
  ) {
    assert(Number.isSafeInteger(limit) && limit >= 1, 'a bounded map holds at least one entry');
    this.index = new IdIndex(hasher);
  }

  get size(): number {
    return this.index.size;
  }

  get(key: Key): Value | undefined {
    const slot = this.find(key);
    return slot === 0 ? undefined : this.values[slot];
  }

  has(key: Key): boolean {
    return this.find(key) !== 0;
  }

  /** Where a key is, 0 when it is not remembered. */
  find(key: Key): number {
    return this.size === 0 ? 0 : this.index.find(key);
  }

  valueAt(slot: number): Value {
    return this.values[slot];
  }

  insert(key: Key, value: Value): number {
    assert(this.find(key) === 0, 'a remembered key is inserted once');
    if (this.index.size === this.limit) {
      this.index.remove(this.oldest);
      this.oldest = (this.oldest % this.limit) + 1;
    }
    const slot = this.index.add(key);
    this.values[slot] = value;
    return slot;
  }

  /** Oldest first. */
  forEach(visit: (key: Key, value: Value, slot: number) => void): void {
    for (let i = 0; i < this.size; i++) {
      const slot = ((this.oldest - 1 + i) % this.size) + 1;
      visit(this.index.idOf[slot], this.values[slot], slot);
    }
  }
}
