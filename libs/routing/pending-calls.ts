import type { EventShare } from './event-shares.js';
import { isRepeatable } from './inventory-call.js';
import type { PendingCall } from './lane.js';

/**
 * Calls without an answer, by correlation number: a ring of slots in place of a Map, whose inserts
 * and deletes at the rate of a sale are 4 % of a gateway.
 *
 * P1  A correlation number is given to one call only, ever; numbers whose slot is taken by a call
 *     that waits long are skipped.
 * P2  The ring is at most half full, so a free slot is near. It grows with what is in flight, which
 *     the client bounds (C5).
 */
export class PendingCalls {
  private slots = new Array<PendingCall | null>(slotsAtFirst).fill(null);
  private next = 1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Gives the call its correlation number. */
  add(pending: PendingCall): void {
    if (this.count * 2 >= this.slots.length) this.grow();
    const { slots } = this;
    const mask = slots.length - 1;
    while (slots[this.next & mask] !== null) this.next += 1;
    pending.correlation = this.next++;
    slots[pending.correlation & mask] = pending;
    this.count += 1;
  }

  /** undefined: answered, given up, or asked again under another number. */
  get(correlation: number): PendingCall | undefined {
    const pending = this.slots[correlation & (this.slots.length - 1)];
    return pending?.correlation === correlation ? pending : undefined;
  }

  remove(pending: PendingCall): void {
    const slot = pending.correlation & (this.slots.length - 1);
    if (this.slots[slot] !== pending) return;
    this.slots[slot] = null;
    this.count -= 1;
  }

  /** Calls whose deadline has come. */
  overdue(nowMs: number): PendingCall[] {
    return this.which(({ deadlineMs }) => deadlineMs <= nowMs);
  }

  /** Those that left by then and may be repeated: the first ones of each event, in order. */
  unheard(sentByMs: number, perEventMax: number): PendingCall[] {
    const late = this.which(
      ({ sentAtMs, call }) => (sentAtMs ?? Infinity) <= sentByMs && isRepeatable(call),
    );
    const taken = new Map<EventShare, number>();
    return late.sort(byNumber).filter(({ share }) => {
      const count = (taken.get(share) ?? 0) + 1;
      taken.set(share, count);
      return count <= perEventMax;
    });
  }

  /** In the order in which they were added; a copy, so that calls may be removed meanwhile. */
  all(): PendingCall[] {
    return this.which(() => true).sort(byNumber);
  }

  /** In no order. Looks no further than the last call: most sweeps find none. */
  private which(wanted: (pending: PendingCall) => boolean): PendingCall[] {
    const found: PendingCall[] = [];
    let left = this.count;
    for (let slot = 0; left > 0; slot += 1) {
      const pending = this.slots[slot];
      if (pending === null) continue;
      left -= 1;
      if (wanted(pending)) found.push(pending);
    }
    return found;
  }

  /** Two numbers that differ in the small ring's slots differ in the larger one's. */
  private grow(): void {
    const calls = this.slots;
    this.slots = new Array<PendingCall | null>(calls.length * 2).fill(null);
    const mask = this.slots.length - 1;
    for (const pending of calls) {
      if (pending !== null) this.slots[pending.correlation & mask] = pending;
    }
  }
}

const byNumber = (a: PendingCall, b: PendingCall): number => a.correlation - b.correlation;

const slotsAtFirst = 1_024;
