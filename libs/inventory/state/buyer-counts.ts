import { assert } from '../assert.js';
import { grown } from './columns.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import type { IdKey } from './id-key.js';
import { userIds } from './id-reader.js';
import type { UserId } from '../ids.js';

/**
 * Live held and booked places of every buyer. A buyer has a slot (1.., 0 means none) by which holds
 * name him, so that his id is kept once; he is forgotten with his last place and reference.
 */
export class BuyerCounts {
  private readonly ids: IdColumn;
  private readonly index: IdIndex;
  /** By slot: places, then references. */
  private counts = new Int32Array(32);
  private readonly freeSlots: number[] = [];
  /** Above every slot that was ever used. */
  slotsEnd = 1;

  /** `usual`: slots when every seat is another buyer's. */
  constructor(private readonly usual = 0) {
    this.ids = new IdColumn(usual);
    this.index = new IdIndex(this.ids, usual);
  }

  get size(): number {
    return this.index.size;
  }

  of(userId: UserId): number {
    return this.counts[this.find(userId) * 2];
  }

  /** 0 when nobody knows him. */
  find(userId: UserId): number {
    return this.index.find(userIds.read(userId));
  }

  touch(key: IdKey): number {
    return this.index.touch(key);
  }

  idAt(slot: number): UserId {
    return this.ids.idAt(slot) as UserId;
  }

  loadId(slot: number, key: IdKey): IdKey {
    return this.ids.loadId(slot, key);
  }

  /** One more reference to a buyer, who may be new. */
  keep(key: IdKey): number {
    const slot = this.index.find(key) || this.make(key);
    this.counts[slot * 2 + 1]++;
    return slot;
  }

  /** For a loader, who lets him be found by `findable`: his references and places come later. */
  addNoted(key: IdKey): void {
    this.index.note(this.lay(key), key.hash);
  }

  /** Lets buyers from that slot on be found. False: one is there twice. */
  findable(first: number): boolean {
    return this.index.addNoted(first, this.slotsEnd);
  }

  /** False: one that `addNoted` added has neither references nor places. */
  get areAllThere(): boolean {
    const { counts } = this;
    for (let slot = 1; slot < this.slotsEnd; slot++) {
      if (counts[slot * 2] === 0 && counts[slot * 2 + 1] === 0) return false;
    }
    return true;
  }

  keepAt(slot: number): void {
    this.counts[slot * 2 + 1]++;
  }

  /** One reference less. */
  drop(slot: number): void {
    assert(this.counts[slot * 2 + 1] > 0, 'only what was kept is dropped');
    this.counts[slot * 2 + 1]--;
    this.forgetIfDone(slot);
  }

  add(userId: UserId, places: number): void {
    const key = userIds.read(userId);
    this.addAt(this.index.find(key) || this.make(key), places);
  }

  addAt(slot: number, places: number): void {
    this.counts[slot * 2] += places;
    assert(this.counts[slot * 2] >= 0, 'a buyer gives back what he had');
    this.forgetIfDone(slot);
  }

  reserve(buyers: number, idWords = 0): void {
    this.ids.reserve(buyers + 1, idWords);
    this.index.reserve(buyers);
    this.reserveCounts(buyers);
  }

  private forgetIfDone(slot: number): void {
    if (this.counts[slot * 2] !== 0 || this.counts[slot * 2 + 1] !== 0) return;
    this.index.remove(slot);
    this.freeSlots.push(slot);
  }

  private make(key: IdKey): number {
    const slot = this.lay(key);
    this.index.add(key, slot);
    return slot;
  }

  private lay(key: IdKey): number {
    const slot = this.freeSlots.pop() ?? this.slotsEnd++;
    this.reserveCounts(slot);
    this.ids.set(slot, key);
    return slot;
  }

  private reserveCounts(slot: number): void {
    const length = slot * 2 + 2;
    if (length > this.counts.length) this.counts = grown(this.counts, length, this.usual * 2);
  }
}
