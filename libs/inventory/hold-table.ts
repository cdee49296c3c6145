import { assert } from './assert.js';
import type { AreaQuantity } from './commands.js';
import { ExpiryHeap } from './expiry-heap.js';
import { IdIndex } from './id-index.js';
import type { AttemptId, HoldId, MinorUnits, SeatIndex, TimeMs, UserId } from './ids.js';
import { noAreas, noSeats } from './seat-lists.js';
import type { IdHasher } from './text-hash.js';

/** The one live payment attempt of a hold. */
export interface Attempt {
  readonly attemptId: AttemptId;
  /** The hold's deadline before the payment began; a failed payment goes back to it. */
  readonly deadlineBeforeMs: TimeMs;
}

/** As SeatsHeld says it. */
export interface NewHold {
  readonly holdId: HoldId;
  readonly userId: UserId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
  readonly deadlineMs: TimeMs;
  /** When it was made. */
  readonly atMs: TimeMs;
}

/**
 * The live holds in columns, addressed by slot (1.., 0 means none): a seat needs only four bytes
 * to name its hold, and a hold costs no object of its own. Slots are reused and are internal;
 * nothing that is stored or answered depends on them.
 */
export class HoldTable {
  readonly expiry = new ExpiryHeap();
  readonly idOf: readonly HoldId[];
  private readonly index: IdIndex<HoldId>;
  readonly userOf: UserId[] = ['' as UserId];
  readonly seatsOf: (readonly SeatIndex[])[] = [noSeats];
  readonly areasOf: (readonly AreaQuantity[])[] = [noAreas];
  readonly attemptOf: (Attempt | null)[] = [null];
  private total = new Float64Array(16);
  private madeAt = new Float64Array(16);

  constructor(hasher: IdHasher) {
    this.index = new IdIndex(hasher);
    this.idOf = this.index.idOf;
  }

  get size(): number {
    return this.index.size;
  }

  /** 0 when there is no such hold. */
  find(holdId: HoldId): number {
    return this.index.find(holdId);
  }

  /** Slots in order of making: the order of snapshots. */
  inOrder(): readonly number[] {
    const { expiry } = this;
    return this.index.slots().sort((a, b) => expiry.orderOf(a) - expiry.orderOf(b));
  }

  totalMinor(slot: number): MinorUnits {
    return this.total[slot] as MinorUnits;
  }

  madeAtMs(slot: number): TimeMs {
    return this.madeAt[slot] as TimeMs;
  }

  deadlineMs(slot: number): TimeMs {
    return this.expiry.deadlineOf(slot) as TimeMs;
  }

  /** `order`: version of the fact that made it, unique; the tie-break between equal deadlines. */
  add(hold: NewHold, order: number, attempt: Attempt | null): number {
    assert(this.index.find(hold.holdId) === 0, 'a hold id is live once');
    const slot = this.index.add(hold.holdId);
    this.userOf[slot] = hold.userId;
    this.seatsOf[slot] = hold.seats;
    this.areasOf[slot] = hold.areas;
    this.attemptOf[slot] = attempt;
    this.reserve(slot);
    this.total[slot] = hold.totalMinor;
    this.madeAt[slot] = hold.atMs;
    this.expiry.insert(slot, hold.deadlineMs, order);
    return slot;
  }

  shrink(
    slot: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
    totalMinor: MinorUnits,
  ): void {
    this.seatsOf[slot] = seats;
    this.areasOf[slot] = areas;
    this.total[slot] = totalMinor;
  }

  remove(slot: number): void {
    this.expiry.remove(slot);
    this.index.remove(slot);
    this.userOf[slot] = this.userOf[0];
    this.seatsOf[slot] = this.seatsOf[0];
    this.areasOf[slot] = this.areasOf[0];
    this.attemptOf[slot] = null;
  }

  private reserve(slot: number): void {
    if (slot < this.total.length) return;
    const [total, madeAt] = [this.total, this.madeAt];
    this.total = new Float64Array(total.length * 2);
    this.madeAt = new Float64Array(madeAt.length * 2);
    this.total.set(total);
    this.madeAt.set(madeAt);
  }
}
