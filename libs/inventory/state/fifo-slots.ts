import { assert } from '../assert.js';

/**
 * Slots 1..limit in the order in which they were taken (G8). When all are taken the oldest is used
 * again: which entries are left depends only on the order of insertions, so two owners that folded
 * the same facts remember the same things.
 */
export class FifoSlots {
  size = 0;
  oldest = 1;

  constructor(readonly limit: number) {
    assert(Number.isSafeInteger(limit) && limit >= 1, 'a bounded map holds at least one entry');
  }

  get isFull(): boolean {
    return this.size === this.limit;
  }

  /** The next slot; of a full one the oldest, which the caller has emptied. */
  take(): number {
    if (!this.isFull) return ++this.size;
    const slot = this.oldest;
    this.oldest = (slot % this.limit) + 1;
    return slot;
  }

  /** The i-th oldest, from 0. */
  at(i: number): number {
    return ((this.oldest - 1 + i) % this.size) + 1;
  }
}
