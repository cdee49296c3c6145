import type { BuyerCounts } from './buyer-counts.js';
import { grown, roomFor } from './columns.js';
import { FifoSlots } from './fifo-slots.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import type { IdKey } from './id-key.js';
import { holdIds } from './id-reader.js';
import type { HoldId, UserId } from '../ids.js';

const holdEnds = ['released', 'expired', 'booked'] as const;
export type HoldEnd = (typeof holdEnds)[number];

export interface EndedHold {
  readonly userId: UserId;
  readonly end: HoldEnd;
}

/** The last holds that ended, oldest forgotten first: whose they were and how they ended. */
export class EndedHolds {
  private readonly slots: FifoSlots;
  private readonly ids = new IdColumn();
  private readonly index = new IdIndex(this.ids);
  private buyers = new Uint32Array(16);
  private ends = new Uint8Array(16);

  constructor(
    limit: number,
    private readonly buyerCounts: BuyerCounts,
  ) {
    this.slots = new FifoSlots(limit);
  }

  get size(): number {
    return this.slots.size;
  }

  get limit(): number {
    return this.slots.limit;
  }

  has(holdId: HoldId): boolean {
    return this.find(holdId) !== 0;
  }

  hasKey(key: IdKey): boolean {
    return this.index.find(key) !== 0;
  }

  /** 0 when it is not remembered. */
  find(holdId: HoldId): number {
    return this.slots.size === 0 ? 0 : this.index.find(holdIds.read(holdId));
  }

  get(holdId: HoldId): EndedHold | undefined {
    const slot = this.find(holdId);
    if (slot === 0) return undefined;
    return { userId: this.buyerCounts.idAt(this.buyers[slot]), end: this.endAt(slot) };
  }

  endAt(slot: number): HoldEnd {
    return holdEnds[this.ends[slot]];
  }

  buyerAt(slot: number): number {
    return this.buyers[slot];
  }

  idAt(slot: number): HoldId {
    return this.ids.idAt(slot) as HoldId;
  }

  loadId(slot: number, key: IdKey): IdKey {
    return this.ids.loadId(slot, key);
  }

  /** Takes over the caller's reference to the buyer. */
  insert(key: IdKey, buyer: number, end: HoldEnd): void {
    if (this.slots.isFull) this.forget(this.slots.oldest);
    this.index.add(key, this.lay(key, buyer, end));
  }

  /** As `insert`, for a loader, who lets it be found by `findable`. There must be room. */
  insertNoted(key: IdKey, buyer: number, end: HoldEnd): void {
    this.index.note(this.lay(key, buyer, end), key.hash);
  }

  /** Lets holds from that slot on be found. False: one is there twice. */
  findable(first: number): boolean {
    return this.index.addNoted(first, this.size + 1);
  }

  /** Room for so many and more, for a loader who knows how many will come. */
  reserve(holds: number, idWords = 0): void {
    const slots = roomFor(holds, this.limit);
    this.ids.reserve(slots + 1, idWords);
    this.index.reserve(slots);
    this.reserveColumns(slots);
  }

  /** The slot of the i-th oldest, from 0. */
  slotOf(i: number): number {
    return this.slots.at(i);
  }

  private lay(key: IdKey, buyer: number, end: HoldEnd): number {
    const slot = this.slots.take();
    this.reserveColumns(slot);
    this.ids.set(slot, key);
    this.buyers[slot] = buyer;
    this.ends[slot] = holdEnds.indexOf(end);
    return slot;
  }

  private reserveColumns(slot: number): void {
    if (slot < this.buyers.length) return;
    this.buyers = grown(this.buyers, slot + 1);
    this.ends = grown(this.ends, slot + 1);
  }

  private forget(slot: number): void {
    this.index.remove(slot);
    this.buyerCounts.drop(this.buyers[slot]);
  }
}
