import type { BuyerCounts } from './buyer-counts.js';
import { grown, largeAt, setLarge } from './columns.js';
import type { AreaQuantity } from '../commands.js';
import { IdColumn } from './id-column.js';
import { IdIndex } from './id-index.js';
import { holdKey, type IdKey } from './id-key.js';
import { bookingIds } from './id-reader.js';
import type { BookingId, HoldId, MinorUnits, SeatIndex, UserId } from '../ids.js';
import { noAreas, noSeats } from './seat-lists.js';

/** A live booking, made of its row when somebody asks. */
export interface Booking {
  readonly bookingId: BookingId;
  readonly holdId: HoldId;
  readonly userId: UserId;
  readonly totalMinor: MinorUnits;
  /** What is left of it, ascending. */
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

/** As SeatsBooked says it, without the ids. */
export type NewBooking = Pick<Booking, 'seats' | 'areas' | 'totalMinor'>;

const slotsAtFirst = 16;

/**
 * Words of a row. `later` and `earlier` are the ring of the bookings in order of booking; slot 0 is
 * its beginning and end.
 */
const buyerWord = 0;
const seatCountWord = 1;
const firstSeatWord = 2;
const laterWord = 3;
const earlierWord = 4;
const totalWord = 5;
const rowWords = 7;

/**
 * The live bookings in columns, addressed by slot (1.., 0 means none), as the live holds are: a
 * sold stadium has fifty thousand of them, and as objects with texts they were most of what loading
 * it cost, and all of what the collector had to mark. Slots are reused and are internal; nothing
 * that is stored or answered depends on them.
 *
 * A buyer stays known as long as he has a booking: it has at least one place of his.
 */
export class BookingTable {
  private readonly ids: IdColumn;
  private readonly index: IdIndex;
  private readonly holdIds: IdColumn;
  private readonly areas = new Map<number, readonly AreaQuantity[]>();
  private rows = new Int32Array(slotsAtFirst * rowWords);
  private readonly freeSlots: number[] = [];
  /** Above every slot that was ever used. */
  slotsEnd = 1;
  /** Slots when every seat is booked by itself. */
  private readonly usual: number;

  /** `nextSeat`: by seat, of the hold or the booking that has it. */
  constructor(
    private readonly nextSeat: Uint32Array,
    private readonly buyerCounts: BuyerCounts,
  ) {
    this.usual = nextSeat.length + 1;
    this.ids = new IdColumn(this.usual);
    this.index = new IdIndex(this.ids, this.usual);
    this.holdIds = new IdColumn(this.usual);
  }

  get size(): number {
    return this.index.size;
  }

  has(bookingId: BookingId): boolean {
    return this.find(bookingId) !== 0;
  }

  /** 0 when there is no such booking. */
  find(bookingId: BookingId): number {
    return this.index.find(bookingIds.read(bookingId));
  }

  findKey(key: IdKey): number {
    return this.index.find(key);
  }

  get(bookingId: BookingId): Booking | undefined {
    const slot = this.find(bookingId);
    if (slot === 0) return undefined;
    return {
      bookingId,
      holdId: this.holdIds.idAt(slot) as HoldId,
      userId: this.buyerCounts.idAt(this.buyerOf(slot)),
      totalMinor: this.totalMinor(slot),
      seats: this.seatsOf(slot),
      areas: this.areasOf(slot),
    };
  }

  /** The booking made next after this one, 0 when it is the last; of 0 the first. */
  laterThan(slot: number): number {
    return this.get32(slot, laterWord);
  }

  loadId(slot: number, key: IdKey): IdKey {
    return this.ids.loadId(slot, key);
  }

  loadHoldId(slot: number, key: IdKey): IdKey {
    return this.holdIds.loadId(slot, key);
  }

  /** Slots in order of booking: the order of snapshots. */
  inOrder(): readonly number[] {
    const slots: number[] = [];
    for (let slot = this.laterThan(0); slot !== 0; slot = this.laterThan(slot)) slots.push(slot);
    return slots;
  }

  codeOf(slot: number): number {
    return this.ids.codeOf(slot);
  }

  copyId(slot: number, to: Int32Array, at: number): void {
    this.ids.copyTo(slot, to, at);
  }

  holdCodeOf(slot: number): number {
    return this.holdIds.codeOf(slot);
  }

  copyHoldId(slot: number, to: Int32Array, at: number): void {
    this.holdIds.copyTo(slot, to, at);
  }

  firstSeatOf(slot: number): number {
    return this.get32(slot, firstSeatWord);
  }

  /** The seat after this one in its booking; means nothing after the last. */
  seatAfter(seat: number): number {
    return this.nextSeat[seat];
  }

  seatCountOf(slot: number): number {
    return this.get32(slot, seatCountWord);
  }

  wasHold(slot: number, hold: IdKey): boolean {
    return this.holdIds.has(slot, hold);
  }

  /** His slot in the counts of buyers. */
  buyerOf(slot: number): number {
    return this.get32(slot, buyerWord);
  }

  /** Ascending. */
  seatsOf(slot: number): readonly SeatIndex[] {
    const count = this.get32(slot, seatCountWord);
    if (count === 0) return noSeats;
    const seats = [this.get32(slot, firstSeatWord) as SeatIndex];
    while (seats.length < count) seats.push(this.nextSeat[seats[seats.length - 1]] as SeatIndex);
    return seats;
  }

  areasOf(slot: number): readonly AreaQuantity[] {
    return this.areas.size === 0 ? noAreas : (this.areas.get(slot) ?? noAreas);
  }

  totalMinor(slot: number): MinorUnits {
    return largeAt(this.rows, slot * rowWords + totalWord) as MinorUnits;
  }

  /** The low 32 bits of it. */
  totalLow(slot: number): number {
    return this.get32(slot, totalWord);
  }

  /** It has more than those. */
  hasLargeTotal(slot: number): boolean {
    return this.get32(slot, totalWord + 1) !== 0;
  }

  /** Finds the first live booking that was a hold; made anew at each call. */
  indexByHold(): IdIndex {
    const found = new IdIndex(this.holdIds, this.size);
    for (let slot = this.laterThan(0); slot !== 0; slot = this.laterThan(slot)) {
      const hold = this.loadHoldId(slot, holdKey);
      if (found.find(hold) === 0) found.add(hold, slot);
    }
    return found;
  }

  /** `key`: of the booking; `hold`: of the hold it was. Returns the slot. */
  add(key: IdKey, hold: IdKey, buyer: number, booking: NewBooking): number {
    const slot = this.lay(key, hold, buyer, booking);
    this.index.add(key, slot);
    return slot;
  }

  /** As `add`, for a loader, who lets it be found by `findable`. There must be room. */
  addNoted(key: IdKey, hold: IdKey, buyer: number, booking: NewBooking): void {
    this.index.note(this.lay(key, hold, buyer, booking), key.hash);
  }

  /** Lets bookings from that slot on be found. False: one is there twice. */
  findable(first: number): boolean {
    return this.index.addNoted(first, this.slotsEnd);
  }

  /** What is left of it: at least one place. */
  shrink(slot: number, seats: readonly SeatIndex[], areas: readonly AreaQuantity[]): void {
    this.setPlaces(slot, seats, areas);
  }

  remove(slot: number): void {
    this.index.remove(slot);
    this.areas.delete(slot);
    const { rows } = this;
    const later = this.get32(slot, laterWord);
    const earlier = this.get32(slot, earlierWord);
    rows[earlier * rowWords + laterWord] = later;
    rows[later * rowWords + earlierWord] = earlier;
    this.freeSlots.push(slot);
  }

  /** Room for so many bookings, for a loader who knows how many will come. */
  reserveAll(bookings: number, idWords = 0, holdIdWords = 0): void {
    this.reserve(bookings);
    this.ids.reserve(bookings + 1, idWords);
    this.holdIds.reserve(bookings + 1, holdIdWords);
    this.index.reserve(bookings);
  }

  private lay(key: IdKey, hold: IdKey, buyer: number, booking: NewBooking): number {
    const slot = this.freeSlots.pop() ?? this.slotsEnd++;
    this.reserve(slot);
    this.ids.set(slot, key);
    this.holdIds.set(slot, hold);
    this.rows[slot * rowWords + buyerWord] = buyer;
    setLarge(this.rows, slot * rowWords + totalWord, booking.totalMinor);
    this.setPlaces(slot, booking.seats, booking.areas);
    this.append(slot);
    return slot;
  }

  private setPlaces(
    slot: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
  ): void {
    const { rows, nextSeat } = this;
    rows[slot * rowWords + seatCountWord] = seats.length;
    if (seats.length > 0) rows[slot * rowWords + firstSeatWord] = seats[0];
    for (let i = 1; i < seats.length; i++) nextSeat[seats[i - 1]] = seats[i];
    if (areas.length > 0) this.areas.set(slot, areas);
    else if (this.areas.size > 0) this.areas.delete(slot);
  }

  private append(slot: number): void {
    const { rows } = this;
    const last = rows[earlierWord];
    rows[last * rowWords + laterWord] = slot;
    rows[slot * rowWords + earlierWord] = last;
    rows[slot * rowWords + laterWord] = 0;
    rows[earlierWord] = slot;
  }

  private get32(slot: number, word: number): number {
    return this.rows[slot * rowWords + word];
  }

  private reserve(slot: number): void {
    const length = (slot + 1) * rowWords;
    if (length > this.rows.length) this.rows = grown(this.rows, length, this.usual * rowWords);
  }
}
