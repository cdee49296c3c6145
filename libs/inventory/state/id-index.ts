import { assert } from '../assert.js';
import { grown, grownLength } from './columns.js';
import { IdKey } from './id-key.js';

/** An id that finds no free cell within so many steps goes to the overflow. */
const probesMax = 32;
/** Twice as many as slots: both are full at the same time. */
const cellsAtFirst = 32;
/** The bits of a cell that say the slot. */
const slotMask = 0xff_ffff;

/** Of two ids with one hash. */
const notedKey = new IdKey();

/** Where the ids themselves are kept, by slot. */
export interface IdStore {
  has(slot: number, key: IdKey): boolean;
  idAt(slot: number): string;
  loadId(slot: number, key: IdKey): IdKey;
}

/**
 * Finds the slot (1.., 0 means none) under which an id is kept.
 *
 * Open addressing with linear probing, at most half full, instead of a Map: a command looks up and
 * inserts three fresh ids (measured: 80 against 150 ns for a miss and an insert). A cell is the
 * slot and the top byte of the hash in one word, so that a search and the insertion behind it need
 * one line of memory. A hash that agrees is never taken for the id: the store compares it whole
 * (G4). The hash can be forged, so probing is bounded: ids that collide too often go to an ordinary
 * Map, whose hash cannot.
 */
export class IdIndex {
  /** Slot, and over it the top bits of the hash; 0 is an empty cell. */
  private cells = new Int32Array(cellsAtFirst);
  /** By slot. */
  private hashes = new Int32Array(cellsAtFirst);
  private mask = cellsAtFirst - 1;
  private live = 0;
  /** Where the last search ended at an empty cell, for whoever adds that id next; -1: nowhere. */
  private missedAt = -1;
  private missedHash = 0;
  private readonly overflow = new Map<string, number>();

  private readonly usualCells: number;

  /** `usual`: slots in a full house. */
  constructor(
    private readonly store: IdStore,
    private readonly usual = 0,
  ) {
    this.usualCells = cellsFor(usual);
  }

  get size(): number {
    return this.live;
  }

  find(key: IdKey): number {
    const { cells, mask } = this;
    const { hash } = key;
    let at = hash & mask;
    for (let probe = 0; probe < probesMax; probe++) {
      const cell = cells[at];
      if (cell === 0) return this.missed(at, key);
      if (((cell ^ hash) & ~slotMask) === 0) {
        const slot = cell & slotMask;
        if (this.isAt(slot, key)) return slot;
      }
      at = (at + 1) & mask;
    }
    // Where a search for another id ended is no place for this one: nobody would look there.
    this.missedAt = -1;
    return this.findBeyond(key);
  }

  /** Reads the cell where a search for the id begins: see touch.ts. */
  touch(key: IdKey): number {
    return this.cells[key.hash & this.mask];
  }

  /** The id must not be in the index, and must be kept under the slot already. */
  add(key: IdKey, slot: number): void {
    if ((this.live + 1) * 2 > this.mask) {
      this.grow(grownLength(this.cells.length, 0, this.usualCells));
    }
    this.live++;
    if (slot >= this.hashes.length) {
      assert(slot <= slotMask, 'slots are bounded');
      this.hashes = grown(this.hashes, slot + 1, this.usual);
    }
    this.hashes[slot] = key.hash;
    if (this.missedAt < 0 || this.missedHash !== key.hash) {
      assert(this.find(key) === 0, 'an id is kept once');
    }
    this.place(slot, key.hash, this.missedAt);
    this.missedAt = -1;
  }

  /** For a loader: the hash of an id that `addNoted` adds later. There must be room: `reserve`. */
  note(slot: number, hash: number): void {
    this.hashes[slot] = hash;
  }

  /**
   * Adds noted ids, from one slot up to before another, which are kept already. In a loop of its
   * own the waits for cells, which nobody can foresee, overlap. False: one of them is there
   * already; the index is then good for nothing.
   */
  addNoted(first: number, end: number): boolean {
    this.missedAt = -1;
    const { cells, mask, hashes, overflow } = this;
    const isRoom = end <= hashes.length && (this.live + end - first) * 2 <= mask;
    assert(isRoom, 'a loader reserves room for what it notes');
    for (let slot = first; slot < end; slot++) {
      const hash = hashes[slot];
      let at = hash & mask;
      let left = probesMax;
      for (let cell = cells[at]; cell !== 0 && left > 0; cell = cells[at], left--) {
        const other = cell & slotMask;
        if (((cell ^ hash) & ~slotMask) === 0 && this.areSame(slot, other)) return false;
        at = (at + 1) & mask;
      }
      if (overflow.size > 0 && overflow.has(this.store.idAt(slot))) return false;
      if (left > 0) cells[at] = (hash & ~slotMask) | slot;
      else overflow.set(this.store.idAt(slot), slot);
    }
    this.live += end - first;
    return true;
  }

  /** While the store still has the id. */
  remove(slot: number): void {
    this.missedAt = -1;
    this.live--;
    if (this.overflow.size > 0 && this.overflow.delete(this.store.idAt(slot))) return;
    let at = this.hashes[slot] & this.mask;
    while ((this.cells[at] & slotMask) !== slot) {
      assert(this.cells[at] !== 0, 'a live id is in the index');
      at = (at + 1) & this.mask;
    }
    this.closeGap(at);
  }

  /** Room for so many ids at once, for a loader who knows how many will come. */
  reserve(ids: number): void {
    const cells = Math.max(cellsFor(ids), this.cells.length);
    if (cells > this.cells.length) this.grow(cells);
    if (ids >= this.hashes.length) this.hashes = grown(this.hashes, ids + 1);
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

  private areSame(slot: number, other: number): boolean {
    if (this.hashes[slot] !== this.hashes[other]) return false;
    return this.store.has(other, this.store.loadId(slot, notedKey));
  }

  private isAt(slot: number, key: IdKey): boolean {
    return this.hashes[slot] === key.hash && this.store.has(slot, key);
  }

  /** `free`: an empty cell that a search for the hash ended at, -1 when it is to be found. */
  private place(slot: number, hash: number, free: number): void {
    const { cells, mask } = this;
    let at = free < 0 ? hash & mask : free;
    for (let probe = 0; probe < probesMax; probe++) {
      if (cells[at] === 0) {
        cells[at] = (hash & ~slotMask) | slot;
        return;
      }
      at = (at + 1) & mask;
    }
    this.overflow.set(this.store.idAt(slot), slot);
  }

  /** Moves later cells of the cluster back, so that no search stops at the hole. */
  private closeGap(freed: number): void {
    const { cells, mask, hashes } = this;
    let hole = freed;
    let at = (hole + 1) & mask;
    while (cells[at] !== 0) {
      const home = hashes[cells[at] & slotMask] & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        cells[hole] = cells[at];
        hole = at;
      }
      at = (at + 1) & mask;
    }
    cells[hole] = 0;
  }

  private grow(size: number): void {
    const { cells, hashes, overflow } = this;
    const beyond = [...overflow.values()];
    this.cells = new Int32Array(size);
    this.mask = size - 1;
    this.missedAt = -1;
    overflow.clear();
    for (let at = 0; at < cells.length; at++) {
      const slot = cells[at] & slotMask;
      if (slot !== 0) this.place(slot, hashes[slot], -1);
    }
    for (const slot of beyond) this.place(slot, hashes[slot], -1);
  }
}

/** So many that the ids are at most half of them. */
function cellsFor(ids: number): number {
  let cells = cellsAtFirst;
  while ((ids + 1) * 2 > cells - 1) cells *= 2;
  return cells;
}
