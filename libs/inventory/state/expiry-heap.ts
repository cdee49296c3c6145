import { assert } from '../assert.js';
import { grown, grownLength } from './columns.js';

const absent = 0xffff_ffff;

/**
 * Deadlines of the live holds: a binary min-heap over (deadline, order) with positions by slot, so
 * that a hold can be moved or removed in O(log n). `order` is unique, so the sequence in which
 * holds fall due does not depend on the shape of the heap: a state that was loaded from a snapshot
 * and one that lived through all facts expire the same holds in the same order.
 */
export class ExpiryHeap {
  private deadlines = new Float64Array(16);
  private orders = new Float64Array(16);
  private slots = new Uint32Array(16);
  /** By slot: index into the three arrays above. */
  private positions = new Uint32Array(16).fill(absent);
  private count = 0;

  /** `usual`: slots in a full house. */
  constructor(private readonly usual = 0) {}

  get size(): number {
    return this.count;
  }

  /** Earliest deadline, Infinity when empty. */
  get firstDeadlineMs(): number {
    return this.count === 0 ? Infinity : this.deadlines[0];
  }

  deadlineOf(slot: number): number {
    return this.deadlines[this.positions[slot]];
  }

  orderOf(slot: number): number {
    return this.orders[this.positions[slot]];
  }

  insert(slot: number, deadlineMs: number, order: number): void {
    this.reserve(slot);
    assert(this.positions[slot] === absent, 'a hold has one deadline');
    const at = this.count++;
    // A new hold is usually the last to fall due, and stays where it is put.
    if (at === 0 || !this.isBefore(deadlineMs, order, (at - 1) >> 1)) {
      this.place(at, deadlineMs, order, slot);
    } else this.siftUp(at, deadlineMs, order, slot);
  }

  move(slot: number, deadlineMs: number): void {
    const at = this.positions[slot];
    const order = this.orders[at];
    if (deadlineMs < this.deadlines[at]) this.siftUp(at, deadlineMs, order, slot);
    else this.siftDown(at, deadlineMs, order, slot);
  }

  remove(slot: number): void {
    const at = this.positions[slot];
    assert(at < this.count, 'only a live hold leaves the heap');
    this.positions[slot] = absent;
    const last = --this.count;
    if (at === last) return;
    const { deadlines, orders, slots } = this;
    const [deadlineMs, order, moved] = [deadlines[last], orders[last], slots[last]];
    if (at > 0 && this.isBefore(deadlineMs, order, (at - 1) >> 1)) {
      this.siftUp(at, deadlineMs, order, moved);
    } else {
      this.siftDown(at, deadlineMs, order, moved);
    }
  }

  /** Slots due at `nowMs`, earliest first, at most `limit`. Changes nothing. */
  due(nowMs: number, limit: number): number[] {
    const found: number[] = [];
    if (this.firstDeadlineMs > nowMs) return found;
    const copy = this.clone();
    while (copy.firstDeadlineMs <= nowMs && found.length < limit) {
      found.push(copy.slots[0]);
      copy.remove(copy.slots[0]);
    }
    return found;
  }

  private clone(): ExpiryHeap {
    const copy = new ExpiryHeap(this.usual);
    copy.deadlines = this.deadlines.slice();
    copy.orders = this.orders.slice();
    copy.slots = this.slots.slice();
    copy.positions = this.positions.slice();
    copy.count = this.count;
    return copy;
  }

  private isBefore(deadlineMs: number, order: number, at: number): boolean {
    const other = this.deadlines[at];
    return deadlineMs < other || (deadlineMs === other && order < this.orders[at]);
  }

  private siftUp(start: number, deadlineMs: number, order: number, slot: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(deadlineMs, order, parent)) break;
      this.place(at, this.deadlines[parent], this.orders[parent], this.slots[parent]);
      at = parent;
    }
    this.place(at, deadlineMs, order, slot);
  }

  private siftDown(start: number, deadlineMs: number, order: number, slot: number): void {
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      const right = child + 1;
      if (right < this.count && this.isBefore(this.deadlines[right], this.orders[right], child)) {
        child = right;
      }
      if (this.isBefore(deadlineMs, order, child)) break;
      this.place(at, this.deadlines[child], this.orders[child], this.slots[child]);
      at = child;
    }
    this.place(at, deadlineMs, order, slot);
  }

  private place(at: number, deadlineMs: number, order: number, slot: number): void {
    this.deadlines[at] = deadlineMs;
    this.orders[at] = order;
    this.slots[at] = slot;
    this.positions[slot] = at;
  }

  private reserve(slot: number): void {
    const { usual } = this;
    if (this.count === this.slots.length) {
      this.deadlines = grown(this.deadlines, 0, usual);
      this.orders = grown(this.orders, 0, usual);
      this.slots = grown(this.slots, 0, usual);
    }
    if (slot >= this.positions.length) {
      const from = this.positions;
      this.positions = new Uint32Array(grownLength(from.length, slot + 1, usual)).fill(absent);
      this.positions.set(from);
    }
  }
}
