import type { BuyerCounts } from './buyer-counts.js';
import { grown } from './columns.js';
import type { AreaQuantity } from './commands.js';
import { ExpiryHeap } from './expiry-heap.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import { holdKey, type IdKey } from './id-key.js';
import type { AttemptId, HoldId, MinorUnits, SeatIndex, TimeMs, UserId } from './ids.js';
import { noAreas, noSeats } from './seat-lists.js';

/** The one live payment attempt of a hold. */
export interface Attempt {
  readonly attemptId: AttemptId;
  /** The hold's deadline before the payment began; a failed payment goes back to it. */
  readonly deadlineBeforeMs: TimeMs;
}

/** As SeatsHeld says it, without the ids. */
export interface NewHold {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
  readonly deadlineMs: TimeMs;
  /** When it was made. */
  readonly atMs: TimeMs;
}

const slotsAtFirst = 16;

/**
 * The live holds in columns, addressed by slot (1.., 0 means none): a seat needs only a few bytes
 * to name its hold, and a hold costs no object of its own. A hold has its first seat, every seat
 * the next one of its hold; area places and payment attempts, which fewer holds have and not for
 * long, are objects. Slots are reused and are internal; nothing that is stored or answered depends
 * on them.
 */
export class HoldTable {
  readonly expiry = new ExpiryHeap();
  private readonly ids = new IdColumn();
  private readonly index = new IdIndex(this.ids);
  private readonly areas = new Map<number, readonly AreaQuantity[]>();
  private readonly attempts = new Map<number, Attempt>();
  private buyers = new Uint32Array(slotsAtFirst);
  private seatCounts = new Uint32Array(slotsAtFirst);
  private firstSeat = new Uint32Array(slotsAtFirst);
  private total = new Float64Array(slotsAtFirst);
  private madeAt = new Float64Array(slotsAtFirst);
  /** The ring of the live holds in order of making; slot 0 is its beginning and end. */
  private later = new Uint32Array(slotsAtFirst);
  private earlier = new Uint32Array(slotsAtFirst);
  private readonly freeSlots: number[] = [];
  /** Above every slot that was ever used. */
  slotsEnd = 1;
  /** By seat; means something only while the seat is held. */
  private readonly nextSeat: Uint32Array;

  constructor(
    seatCount: number,
    private readonly buyerCounts: BuyerCounts,
  ) {
    this.nextSeat = new Uint32Array(seatCount);
  }

  get size(): number {
    return this.index.size;
  }

  /** 0 when there is no such hold. */
  find(holdId: HoldId): number {
    return this.index.find(holdKey.read(holdId));
  }

  touch(key: IdKey): number {
    return this.index.touch(key);
  }

  findKey(key: IdKey): number {
    return this.index.find(key);
  }

  /** Slots in order of making: the order of snapshots. */
  inOrder(): readonly number[] {
    const slots: number[] = [];
    for (let slot = this.later[0]; slot !== 0; slot = this.later[slot]) slots.push(slot);
    return slots;
  }

  idOf(slot: number): HoldId {
    return this.ids.idAt(slot) as HoldId;
  }

  loadId(slot: number, key: IdKey): IdKey {
    return this.ids.load(slot, key);
  }

  codeOf(slot: number): number {
    return this.ids.codeOf(slot);
  }

  copyId(slot: number, to: Int32Array, at: number): void {
    this.ids.copyTo(slot, to, at);
  }

  /** The hold made next after this one, 0 when it is the last; of 0 the first. */
  laterThan(slot: number): number {
    return this.later[slot];
  }

  hasId(slot: number, key: IdKey): boolean {
    return this.ids.has(slot, key);
  }

  /** His slot in the counts of buyers. */
  buyerOf(slot: number): number {
    return this.buyers[slot];
  }

  userOf(slot: number): UserId {
    return this.buyerCounts.idAt(this.buyers[slot]);
  }

  /** Ascending. */
  seatsOf(slot: number): readonly SeatIndex[] {
    const count = this.seatCounts[slot];
    if (count === 0) return noSeats;
    const seats = [this.firstSeat[slot] as SeatIndex];
    while (seats.length < count) seats.push(this.nextSeat[seats[seats.length - 1]] as SeatIndex);
    return seats;
  }

  firstSeatOf(slot: number): number {
    return this.firstSeat[slot];
  }

  /** The seat after this one in its hold; means nothing after the last. */
  seatAfter(seat: number): number {
    return this.nextSeat[seat];
  }

  seatCountOf(slot: number): number {
    return this.seatCounts[slot];
  }

  areasOf(slot: number): readonly AreaQuantity[] {
    return this.areas.size === 0 ? noAreas : (this.areas.get(slot) ?? noAreas);
  }

  attemptOf(slot: number): Attempt | null {
    return this.attempts.get(slot) ?? null;
  }

  setAttempt(slot: number, attempt: Attempt | null): void {
    if (attempt === null) this.attempts.delete(slot);
    else this.attempts.set(slot, attempt);
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

  /**
   * `order`: version of the fact that made it, larger than that of any hold before; the tie-break
   * between equal deadlines. The caller has kept the buyer for it.
   */
  add(key: IdKey, buyer: number, hold: NewHold, order: number): number {
    const slot = this.freeSlots.pop() ?? this.slotsEnd++;
    this.reserve(slot);
    this.ids.set(slot, key);
    this.index.add(key, slot);
    this.buyers[slot] = buyer;
    this.total[slot] = hold.totalMinor;
    this.madeAt[slot] = hold.atMs;
    this.link(slot, hold.seats);
    if (hold.areas.length > 0) this.areas.set(slot, hold.areas);
    this.expiry.insert(slot, hold.deadlineMs, order);
    this.append(slot);
    return slot;
  }

  shrink(
    slot: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
    totalMinor: MinorUnits,
  ): void {
    this.link(slot, seats);
    if (areas.length > 0) this.areas.set(slot, areas);
    else this.areas.delete(slot);
    this.total[slot] = totalMinor;
  }

  remove(slot: number): void {
    this.expiry.remove(slot);
    this.index.remove(slot);
    this.seatCounts[slot] = 0;
    if (this.areas.size > 0) this.areas.delete(slot);
    if (this.attempts.size > 0) this.attempts.delete(slot);
    this.later[this.earlier[slot]] = this.later[slot];
    this.earlier[this.later[slot]] = this.earlier[slot];
    this.freeSlots.push(slot);
  }

  /** Room for so many holds, for a loader who knows how many will come. */
  reserveAll(holds: number): void {
    this.reserve(holds);
    this.ids.reserve(holds + 1);
    this.index.reserve(holds);
  }

  private link(slot: number, seats: readonly SeatIndex[]): void {
    this.seatCounts[slot] = seats.length;
    if (seats.length === 0) return;
    this.firstSeat[slot] = seats[0];
    for (let i = 1; i < seats.length; i++) this.nextSeat[seats[i - 1]] = seats[i];
  }

  private append(slot: number): void {
    const last = this.earlier[0];
    this.later[last] = slot;
    this.earlier[slot] = last;
    this.later[slot] = 0;
    this.earlier[0] = slot;
  }

  private reserve(slot: number): void {
    if (slot < this.buyers.length) return;
    const length = slot + 1;
    this.buyers = grown(this.buyers, length);
    this.seatCounts = grown(this.seatCounts, length);
    this.firstSeat = grown(this.firstSeat, length);
    this.total = grown(this.total, length);
    this.madeAt = grown(this.madeAt, length);
    this.later = grown(this.later, length);
    this.earlier = grown(this.earlier, length);
  }
}
