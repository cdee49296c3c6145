import { assert } from './assert.js';
import { finishHash, mixText } from './text-hash.js';

/** An id that finds no free cell within so many steps goes to the overflow. */
const probesMax = 32;
const cellsAtFirst = 16;
/** A cell is a slot and, above it, the top bits of the hash; 0 is an empty cell. */
const slotBits = 22;
const slotMask = 2 ** slotBits - 1;

/**
 * Gives every live id a small number, its slot (1.., 0 means none), by which columns are addressed.
 *
 * Open addressing with linear probing over four-byte cells, at most half full, instead of a Map:
 * a command looks up and inserts three fresh ids, and that is most of what it costs (measured:
 * 110 against 240 ns for a miss and an insert). The hash can be forged, so probing is bounded:
 * ids that collide too often go to an ordinary Map, whose hash cannot. Slots are reused, last
 * freed first; nothing that is stored or answered depends on them.
 */
export class IdIndex<Id extends string> {
  /** By slot; the empty string where no id lives. */
  readonly idOf: Id[] = ['' as Id];
  private cells = new Int32Array(cellsAtFirst);
  /** By slot. */
  private hashes = new Int32Array(cellsAtFirst);
  private mask = cellsAtFirst - 1;
  private readonly overflow = new Map<Id, number>();
  private readonly freeSlots: number[] = [];
  private live = 0;
  /** decide and evolve ask for the same id one after the other. */
  private lastId = '' as Id;
  private lastHash = 0;

  get size(): number {
    return this.live;
  }

  find(id: Id): number {
    const at = this.cellOf(id, this.hashOf(id));
    if (at >= 0) return this.cells[at] & slotMask;
    return this.overflow.size === 0 ? 0 : (this.overflow.get(id) ?? 0);
  }

  /** The id must not be live. */
  add(id: Id): number {
    if ((this.live + 1) * 2 > this.mask) this.grow();
    const slot = this.freeSlots.pop() ?? this.idOf.length;
    assert(slot <= slotMask, 'the index has a slot left');
    this.idOf[slot] = id;
    this.live++;
    this.remember(slot, this.hashOf(id));
    this.place(slot);
    return slot;
  }

  remove(slot: number): void {
    const id = this.idOf[slot];
    this.idOf[slot] = '' as Id;
    this.freeSlots.push(slot);
    this.live--;
    if (this.overflow.size > 0 && this.overflow.delete(id)) return;
    let at = this.hashes[slot] & this.mask;
    while ((this.cells[at] & slotMask) !== slot) {
      assert(this.cells[at] !== 0, 'a live id is in the index');
      at = (at + 1) & this.mask;
    }
    this.closeGap(at);
  }

  /** Slots of all live ids, ascending. */
  slots(): number[] {
    const live: number[] = [];
    for (let slot = 1; slot < this.idOf.length; slot++) if (this.idOf[slot] !== '') live.push(slot);
    return live;
  }

  private hashOf(id: Id): number {
    if (id === this.lastId) return this.lastHash;
    this.lastHash = finishHash(mixText(0, id));
    this.lastId = id;
    return this.lastHash;
  }

  /** -1 when the id has no cell. */
  private cellOf(id: Id, hash: number): number {
    const { cells, mask, idOf } = this;
    const tag = hash & ~slotMask;
    let at = hash & mask;
    for (let probe = 0; probe < probesMax; probe++) {
      const cell = cells[at];
      if (cell === 0) return -1;
      if ((cell & ~slotMask) === tag && idOf[cell & slotMask] === id) return at;
      at = (at + 1) & mask;
    }
    return -1;
  }

  private place(slot: number): void {
    const { cells, mask } = this;
    const hash = this.hashes[slot];
    let at = hash & mask;
    for (let probe = 0; probe < probesMax; probe++) {
      if (cells[at] === 0) {
        cells[at] = slot | (hash & ~slotMask);
        return;
      }
      at = (at + 1) & mask;
    }
    this.overflow.set(this.idOf[slot], slot);
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

  private remember(slot: number, hash: number): void {
    if (slot >= this.hashes.length) {
      const smaller = this.hashes;
      this.hashes = new Int32Array(smaller.length * 2);
      this.hashes.set(smaller);
    }
    this.hashes[slot] = hash;
  }

  private grow(): void {
    const old = this.cells;
    this.cells = new Int32Array(old.length * 2);
    this.mask = this.cells.length - 1;
    for (const cell of old) if (cell !== 0) this.place(cell & slotMask);
  }
}
