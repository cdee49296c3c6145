import { assert } from './assert.js';
import { IdHasher } from './text-hash.js';

/** An id that finds no free cell within so many steps goes to the overflow. */
const probesMax = 32;
const cellsAtFirst = 16;

/**
 * Gives every live id a small number, its slot (1.., 0 means none), by which columns are addressed.
 *
 * Open addressing with linear probing, at most half full, instead of a Map: a command looks up and
 * inserts three fresh ids, and that is most of what it costs (measured: 80 against 150 ns for a
 * miss and an insert). A cell is one byte of the hash and, in a column of its own, the slot: a
 * fresh id is found missing by the bytes alone, and those of 50,000 ids stay in the second-level
 * cache, where four-byte cells were waited for. The hash can be forged, so probing is bounded:
 * ids that collide too often go to an ordinary Map, whose hash cannot. Slots are reused, last
 * freed first; nothing that is stored or answered depends on them.
 */
export class IdIndex<Id extends string> {
  /** By slot; the empty string where no id lives. */
  readonly idOf: Id[] = ['' as Id];
  /** By cell: the top bits of the hash with `taken`; 0 is an empty cell. */
  private tags = new Uint8Array(cellsAtFirst);
  /** By cell; means something only where there is a tag. */
  private slotOf = new Int32Array(cellsAtFirst);
  /** By slot. */
  private hashes = new Int32Array(cellsAtFirst);
  private mask = cellsAtFirst - 1;
  private readonly overflow = new Map<Id, number>();
  private readonly freeSlots: number[] = [];
  private live = 0;

  constructor(private readonly hasher = new IdHasher()) {}

  get size(): number {
    return this.live;
  }

  find(id: Id): number {
    const { tags, mask } = this;
    const hash = this.hasher.hash(id);
    const tag = tagOf(hash);
    let at = hash & mask;
    for (let probe = 0; probe < probesMax; probe++) {
      const found = tags[at];
      if (found === 0) break;
      if (found === tag && this.idOf[this.slotOf[at]] === id) return this.slotOf[at];
      at = (at + 1) & mask;
    }
    return this.overflow.size === 0 ? 0 : (this.overflow.get(id) ?? 0);
  }

  /** The id must not be live. */
  add(id: Id): number {
    if ((this.live + 1) * 2 > this.mask) this.grow();
    const slot = this.freeSlots.length === 0 ? this.idOf.length : this.takeFreeSlot();
    this.idOf[slot] = id;
    this.live++;
    const hash = this.hasher.hash(id);
    this.remember(slot, hash);
    this.place(slot, hash);
    return slot;
  }

  remove(slot: number): void {
    const id = this.idOf[slot];
    this.idOf[slot] = '' as Id;
    this.freeSlots.push(slot);
    this.live--;
    if (this.overflow.size > 0 && this.overflow.delete(id)) return;
    let at = this.hashes[slot] & this.mask;
    while (this.slotOf[at] !== slot || this.tags[at] === 0) {
      assert(this.tags[at] !== 0, 'a live id is in the index');
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

  private takeFreeSlot(): number {
    const slot = this.freeSlots.pop();
    assert(slot !== undefined, 'there is a free slot');
    return slot;
  }

  private place(slot: number, hash: number): void {
    const { tags, mask } = this;
    let at = hash & mask;
    for (let probe = 0; probe < probesMax; probe++) {
      if (tags[at] === 0) {
        tags[at] = tagOf(hash);
        this.slotOf[at] = slot;
        return;
      }
      at = (at + 1) & mask;
    }
    this.overflow.set(this.idOf[slot], slot);
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

  private remember(slot: number, hash: number): void {
    if (slot >= this.hashes.length) {
      const smaller = this.hashes;
      this.hashes = new Int32Array(smaller.length * 2);
      this.hashes.set(smaller);
    }
    this.hashes[slot] = hash;
  }

  /** In order of slots, not of cells: the hashes are then read one after the other (2 %). */
  private grow(): void {
    const cells = this.tags.length * 2;
    this.tags = new Uint8Array(cells);
    this.slotOf = new Int32Array(cells);
    this.mask = cells - 1;
    this.overflow.clear();
    const { idOf, hashes } = this;
    for (let slot = 1; slot < idOf.length; slot++) {
      if (idOf[slot] !== '') this.place(slot, hashes[slot]);
    }
  }
}

const taken = 0x80;

function tagOf(hash: number): number {
  return (hash >>> 25) | taken;
}
