import { assert } from './assert.js';
import { grown } from './columns.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import { userKey, type IdKey } from './id-key.js';
import type { UserId } from './ids.js';

/**
 * Live held and booked places of every buyer. A buyer has a slot (1.., 0 means none) by which holds
 * name him, so that his id is kept once; he is forgotten with his last place and reference.
 */
export class BuyerCounts {
  private readonly ids = new IdColumn();
  private readonly index = new IdIndex(this.ids);
  private places = new Int32Array(16);
  private references = new Int32Array(16);
  private readonly freeSlots: number[] = [];
  /** Above every slot that was ever used. */
  slotsEnd = 1;

  get size(): number {
    return this.index.size;
  }

  of(userId: UserId): number {
    return this.places[this.find(userId)];
  }

  /** 0 when nobody knows him. */
  find(userId: UserId): number {
    return this.index.find(userKey.read(userId));
  }

  touch(key: IdKey): number {
    return this.index.touch(key);
  }

  idAt(slot: number): UserId {
    return this.ids.idAt(slot) as UserId;
  }

  loadId(slot: number, key: IdKey): IdKey {
    return this.ids.load(slot, key);
  }

  /** One more reference to a buyer, who may be new. */
  keep(key: IdKey): number {
    const slot = this.index.find(key) || this.make(key);
    this.references[slot]++;
    return slot;
  }

  keepAt(slot: number): void {
    this.references[slot]++;
  }

  /** One reference less. */
  drop(slot: number): void {
    assert(this.references[slot] > 0, 'only what was kept is dropped');
    this.references[slot]--;
    this.forgetIfDone(slot);
  }

  add(userId: UserId, places: number): void {
    const key = userKey.read(userId);
    this.addAt(this.index.find(key) || this.make(key), places);
  }

  addAt(slot: number, places: number): void {
    this.places[slot] += places;
    assert(this.places[slot] >= 0, 'a buyer gives back what he had');
    this.forgetIfDone(slot);
  }

  reserve(buyers: number): void {
    this.ids.reserve(buyers + 1);
    this.index.reserve(buyers);
    if (buyers < this.places.length) return;
    this.places = grown(this.places, buyers + 1);
    this.references = grown(this.references, buyers + 1);
  }

  private forgetIfDone(slot: number): void {
    if (this.places[slot] !== 0 || this.references[slot] !== 0) return;
    this.index.remove(slot);
    this.freeSlots.push(slot);
  }

  private make(key: IdKey): number {
    const slot = this.freeSlots.pop() ?? this.slotsEnd++;
    if (slot >= this.places.length) {
      this.places = grown(this.places, slot + 1);
      this.references = grown(this.references, slot + 1);
    }
    this.ids.set(slot, key);
    this.index.add(key, slot);
    return slot;
  }
}
