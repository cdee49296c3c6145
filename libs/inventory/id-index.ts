import { assert } from './assert.js';
import { grown } from './columns.js';
import type { IdKey } from './id-key.js';

/** An id that finds no free cell within so many steps goes to the overflow. */
const probesMax = 32;
const cellsAtFirst = 16;

/** Where the ids themselves are kept, by slot. */
export interface IdStore {
  has(slot: number, key: IdKey): boolean;
  idAt(slot: number): string;
}

/**
 * Finds the slot (1.., 0 means none) under which an id is kept.
 *
 * Open addressing with linear probing, at most half full, instead of a Map: a command looks up and
 * inserts three fresh ids (measured: 80 against 150 ns for a miss and an insert). A cell is one
 * byte of the hash and, in a column of its own, the slot: a fresh id is found missing by the bytes
 * alone, and those of 50,000 ids stay in the second-level cache, where four-byte cells were waited
 * for. A hash that agrees is never taken for the id: the store compares it whole (G4). The hash
 * can be forged, so probing is bounded: ids that collide too often go to an ordinary Map, whose
 * hash cannot.
 */
export class IdIndex {
  /** By cell: the top bits of the hash with `taken`; 0 is an empty cell. */
  private tags = new Uint8Array(cellsAtFirst);
  /** By cell; means something only where there is a tag. */
  private slotOf = new Int32Array(cellsAtFirst);
  /** By slot. */
  private hashes = new Int32Array(cellsAtFirst);
  /** By slot: 1 while it is in use. */
  private lives = new Uint8Array(cellsAtFirst);
  private mask = cellsAtFirst - 1;
  private slotsEnd = 1;
  private live = 0;
  /** Where the last search ended at an empty cell, for whoever adds that id next; -1: nowhere. */
  private missedAt = -1;
  private missedHash = 0;
  private readonly overflow = new Map<string, number>();

  constructor(private readonly store: IdStore) {}

  get size(): number {
    return this.live;
  }

  find(key: IdKey): number {
    const { tags, mask } = this;
    const { hash } = key;
    const tag = tagOf(hash);
    let at = hash & mask;
    for (let probe = 0; probe < probesMax; probe++) {
      const found = tags[at];
      if (found === 0) return this.missed(at, key);
      if (found === tag && this.isAt(this.slotOf[at], key)) return this.slotOf[at];
      at = (at + 1) & mask;
    }
    return this.findBeyond(key);
  }

  /** Reads the cell where a search for the id begins: see touch.ts. */
  touch(key: IdKey): number {
    return this.tags[key.hash & this.mask];
  }

  /** The id must not be in the index, and must be kept under the slot already. */
  add(key: IdKey, slot: number): void {
    if ((this.live + 1) * 2 > this.mask) this.grow(this.tags.length * 2);
    this.live++;
    if (slot >= this.hashes.length) {
      this.hashes = grown(this.hashes, slot + 1);
      this.lives = grown(this.lives, slot + 1);
    }
    if (slot >= this.slotsEnd) this.slotsEnd = slot + 1;
    this.hashes[slot] = key.hash;
    this.lives[slot] = 1;
    if (this.missedAt < 0 || this.missedHash !== key.hash) {
      assert(this.find(key) === 0, 'an id is kept once');
    }
    this.place(slot, key.hash, this.missedAt);
    this.missedAt = -1;
  }

  /** While the store still has the id. */
  remove(slot: number): void {
    this.missedAt = -1;
    this.lives[slot] = 0;
    this.live--;
    if (this.overflow.size > 0 && this.overflow.delete(this.store.idAt(slot))) return;
    let at = this.hashes[slot] & this.mask;
    while (this.slotOf[at] !== slot || this.tags[at] === 0) {
      assert(this.tags[at] !== 0, 'a live id is in the index');
      at = (at + 1) & this.mask;
    }
    this.closeGap(at);
  }

  /** Room for so many ids at once, for a loader who knows how many will come. */
  reserve(ids: number): void {
    let cells = this.tags.length;
    while ((ids + 1) * 2 > cells - 1) cells *= 2;
    if (cells > this.tags.length) this.grow(cells);
    if (ids < this.hashes.length) return;
    this.hashes = grown(this.hashes, ids + 1);
    this.lives = grown(this.lives, ids + 1);
  }

  private missed(at: number, key: IdKey): number {
    const slot = this.findBeyond(key);
    if (slot !== 0) return slot;
    this.missedAt = at;
    this.missedHash = key.hash;
    return 0;
  }

  private findBeyond(key: IdKey): number {
    return this.overflow.size === 0 ? 0 : (this.overflow.get(key.text) ?? 0);
  }

  private isAt(slot: number, key: IdKey): boolean {
    return this.hashes[slot] === key.hash && this.store.has(slot, key);
  }

  /** `free`: an empty cell that a search for the hash ended at, -1 when it is to be found. */
  private place(slot: number, hash: number, free: number): void {
    const { tags, mask } = this;
    let at = free < 0 ? hash & mask : free;
    for (let probe = 0; probe < probesMax; probe++) {
      if (tags[at] === 0) {
        tags[at] = tagOf(hash);
        this.slotOf[at] = slot;
        return;
      }
      at = (at + 1) & mask;
    }
    this.overflow.set(this.store.idAt(slot), slot);
  }

  /** Moves later cells of the cluster back, so that no search stops at the hole. */
  private closeGap(freed: number): void {
    const { tags, slotOf, mask, hashes } = this;
    let hole = freed;
    let at = (hole + 1) & mask;
    while (tags[at] !== 0) {
      const home = hashes[slotOf[at]] & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        tags[hole] = tags[at];
        slotOf[hole] = slotOf[at];
        hole = at;
      }
      at = (at + 1) & mask;
    }
    tags[hole] = 0;
  }

  /** In order of slots, not of cells: the hashes are then read one after the other (2 %). */
  private grow(cells: number): void {
    this.tags = new Uint8Array(cells);
    this.slotOf = new Int32Array(cells);
    this.mask = cells - 1;
    this.overflow.clear();
    this.missedAt = -1;
    const { lives, hashes, slotsEnd } = this;
    for (let slot = 1; slot < slotsEnd; slot++) {
      if (lives[slot] === 1) this.place(slot, hashes[slot], -1);
    }
  }
}

const taken = 0x80;

function tagOf(hash: number): number {
  return (hash >>> 25) | taken;
}
