import { assert } from './assert.js';
import { IdIndex } from './id-index.js';
import { userHasher } from './fingerprint.js';
import type { UserId } from './ids.js';

/** Live held and booked places of every buyer who has any. */
export class BuyerCounts {
  private readonly index = new IdIndex<UserId>(userHasher);
  private places = new Int32Array(16);

  get size(): number {
    return this.index.size;
  }

  of(userId: UserId): number {
    const slot = this.index.find(userId);
    return slot === 0 ? 0 : this.places[slot];
  }

  add(userId: UserId, places: number): void {
    let slot = this.index.find(userId);
    if (slot === 0) {
      slot = this.index.add(userId);
      this.reserve(slot);
      this.places[slot] = 0;
    }
    this.places[slot] += places;
    assert(this.places[slot] >= 0, 'a buyer gives back what he had');
    if (this.places[slot] === 0) this.index.remove(slot);
  }

  private reserve(slot: number): void {
    if (slot < this.places.length) return;
    const smaller = this.places;
    this.places = new Int32Array(smaller.length * 2);
    this.places.set(smaller);
  }
}
