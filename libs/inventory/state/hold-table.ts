import type { BuyerCounts } from './buyer-counts.js';
import { grown, largeAt, setLarge } from './columns.js';
import type { AreaQuantity } from '../commands.js';
import type { PriceRun, Prices } from '../prices.js';
import { ExpiryHeap } from './expiry-heap.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import type { IdKey } from './id-key.js';
import { holdIds } from './id-reader.js';
import type { AttemptId, HoldId, MinorUnits, SeatIndex, TimeMs, UserId } from '../ids.js';
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
  /** Of which that is the sum. */
  readonly prices: Prices;
  readonly deadlineMs: TimeMs;
  /** When it was made. */
  readonly atMs: TimeMs;
}

const slotsAtFirst = 16;

/**
 * Words of a row. `later` and `earlier` are the ring of the live holds in order of making; slot 0
 * is its beginning and end. Numbers beyond 32 bits have their low word first.
 */
const buyerWord = 0;
const seatCountWord = 1;
const firstSeatWord = 2;
const laterWord = 3;
const earlierWord = 4;
const totalWord = 5;
const madeAtWord = 7;
const rowWords = 9;

/**
 * The live holds in columns, addressed by slot (1.., 0 means none): a seat needs only a few bytes
 * to name its hold, and a hold costs no object of its own. A hold has its first seat, every seat
 * the next one of its hold; area places and payment attempts, which fewer holds have and not for
 * long, are objects. Slots are reused and are internal; nothing that is stored or answered depends
 * on them.
 */
export class HoldTable {
  readonly expiry: ExpiryHeap;
  private readonly ids: IdColumn;
  private readonly index: IdIndex;
  private readonly areas = new Map<number, readonly AreaQuantity[]>();
  private readonly attempts = new Map<number, Attempt>();
  /** Of those that are not of one price, which most are. */
  private readonly prices = new Map<number, readonly PriceRun[] | null>();
  /** By slot, `rowWords` each: a hold is one or two lines of memory, not one in each column. */
  private rows = new Int32Array(slotsAtFirst * rowWords);
  private readonly freeSlots: number[] = [];
  /** Above every slot that was ever used. */
  slotsEnd = 1;
  /** Slots when every seat is held by itself. */
  private readonly usual: number;

  /** `nextSeat`: by seat, of the hold or the booking that has it. */
  constructor(
    private readonly nextSeat: Uint32Array,
    private readonly buyerCounts: BuyerCounts,
  ) {
    this.usual = nextSeat.length + 1;
    this.expiry = new ExpiryHeap(this.usual);
    this.ids = new IdColumn(this.usual);
    this.index = new IdIndex(this.ids, this.usual);
  }

  get size(): number {
    return this.index.size;
  }

  /** 0 when there is no such hold. */
  find(holdId: HoldId): number {
    return this.index.find(holdIds.read(holdId));
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
    for (let slot = this.get(0, laterWord); slot !== 0; slot = this.get(slot, laterWord))
      slots.push(slot);
    return slots;
  }

  idOf(slot: number): HoldId {
    return this.ids.idAt(slot) as HoldId;
  }

  loadId(slot: number, key: IdKey): IdKey {
    return this.ids.loadId(slot, key);
  }

  codeOf(slot: number): number {
    return this.ids.codeOf(slot);
  }

  copyId(slot: number, to: Int32Array, at: number): void {
    this.ids.copyTo(slot, to, at);
  }

  /** The hold made next after this one, 0 when it is the last; of 0 the first. */
  laterThan(slot: number): number {
    return this.get(slot, laterWord);
  }

  hasId(slot: number, key: IdKey): boolean {
    return this.ids.has(slot, key);
  }

  /** His slot in the counts of buyers. */
  buyerOf(slot: number): number {
    return this.get(slot, buyerWord);
  }

  userOf(slot: number): UserId {
    return this.buyerCounts.idAt(this.get(slot, buyerWord));
  }

  /** Ascending. */
  seatsOf(slot: number): readonly SeatIndex[] {
    const count = this.get(slot, seatCountWord);
    if (count === 0) return noSeats;
    const seats = [this.get(slot, firstSeatWord) as SeatIndex];
    while (seats.length < count) seats.push(this.nextSeat[seats[seats.length - 1]] as SeatIndex);
    return seats;
  }

  firstSeatOf(slot: number): number {
    return this.get(slot, firstSeatWord);
  }

  /** The seat after this one in its hold; means nothing after the last. */
  seatAfter(seat: number): number {
    return this.nextSeat[seat];
  }

  seatCountOf(slot: number): number {
    return this.get(slot, seatCountWord);
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
    return this.getLarge(slot, totalWord) as MinorUnits;
  }

  /** What each place costs: the same all of them, or as it was locked. */
  pricesOf(slot: number): Prices {
    const locked = this.prices.size === 0 ? undefined : this.prices.get(slot);
    if (locked !== undefined) return locked;
    const areas = this.areasOf(slot);
    let places = this.seatCountOf(slot);
    for (let i = 0; i < areas.length; i++) places += areas[i].quantity;
    return (this.totalMinor(slot) / places) as MinorUnits;
  }

  setPrices(slot: number, prices: Prices): void {
    if (typeof prices !== 'number') this.prices.set(slot, prices);
    else if (this.prices.size > 0) this.prices.delete(slot);
  }

  /** Holds whose prices nobody wrote down and nobody can tell. */
  withoutPrices(): readonly number[] {
    return [...this.prices].filter(([, prices]) => prices === null).map(([slot]) => slot);
  }

  /** Some hold is of several prices, and they are known. */
  get hasPriceLists(): boolean {
    for (const prices of this.prices.values()) if (prices !== null) return true;
    return false;
  }

  madeAtMs(slot: number): TimeMs {
    return this.getLarge(slot, madeAtWord) as TimeMs;
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
    const { rows } = this;
    const row = slot * rowWords;
    rows[row + buyerWord] = buyer;
    setLarge(rows, row + totalWord, hold.totalMinor);
    setLarge(rows, row + madeAtWord, hold.atMs);
    this.link(slot, hold.seats);
    if (hold.areas.length > 0) this.areas.set(slot, hold.areas);
    if (typeof hold.prices !== 'number') this.prices.set(slot, hold.prices);
    this.expiry.insert(slot, hold.deadlineMs, order);
    this.append(slot);
    return slot;
  }

  shrink(
    slot: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
    totalMinor: MinorUnits,
    prices: Prices,
  ): void {
    this.setPrices(slot, prices);
    this.link(slot, seats);
    if (areas.length > 0) this.areas.set(slot, areas);
    else this.areas.delete(slot);
    setLarge(this.rows, slot * rowWords + totalWord, totalMinor);
  }

  remove(slot: number): void {
    this.expiry.remove(slot);
    this.index.remove(slot);
    this.rows[slot * rowWords + seatCountWord] = 0;
    if (this.areas.size > 0) this.areas.delete(slot);
    if (this.attempts.size > 0) this.attempts.delete(slot);
    if (this.prices.size > 0) this.prices.delete(slot);
    const later = this.get(slot, laterWord);
    const earlier = this.get(slot, earlierWord);
    this.rows[earlier * rowWords + laterWord] = later;
    this.rows[later * rowWords + earlierWord] = earlier;
    this.freeSlots.push(slot);
  }

  /** Room for so many holds, for a loader who knows how many will come. */
  reserveAll(holds: number, idWords = 0): void {
    this.reserve(holds);
    this.ids.reserve(holds + 1, idWords);
    this.index.reserve(holds);
  }

  private link(slot: number, seats: readonly SeatIndex[]): void {
    const { rows, nextSeat } = this;
    rows[slot * rowWords + seatCountWord] = seats.length;
    if (seats.length === 0) return;
    rows[slot * rowWords + firstSeatWord] = seats[0];
    for (let i = 1; i < seats.length; i++) nextSeat[seats[i - 1]] = seats[i];
  }

  private append(slot: number): void {
    const { rows } = this;
    const last = rows[earlierWord];
    rows[last * rowWords + laterWord] = slot;
    rows[slot * rowWords + earlierWord] = last;
    rows[slot * rowWords + laterWord] = 0;
    rows[earlierWord] = slot;
  }

  private get(slot: number, word: number): number {
    return this.rows[slot * rowWords + word];
  }

  private getLarge(slot: number, word: number): number {
    return largeAt(this.rows, slot * rowWords + word);
  }

  private reserve(slot: number): void {
    const length = (slot + 1) * rowWords;
    if (length > this.rows.length) this.rows = grown(this.rows, length, this.usual * rowWords);
  }
}
