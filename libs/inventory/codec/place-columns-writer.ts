import { ByteWriter } from './byte-writer.js';
import { writeIds } from './id-blocks.js';
import {
  bookingWords,
  buyerWord,
  deadlineWord,
  hasAreas,
  hasPrices,
  holdWords,
  isPaying,
  madeAtWord,
  orderWord,
  seatCountWord,
  totalWord,
} from './place-columns.js';
import { endedAsBooking, holdEnds } from './places-writer.js';
import { writePrices } from './prices-codec.js';
import { setLarge } from '../state/columns.js';
import type { IdIndex } from '../state/id-index.js';
import { bookingKey, holdKey, userKey } from '../state/id-key.js';
import type { AreaQuantity } from '../commands.js';
import type { SeatIndex } from '../ids.js';
import type { InventoryState } from '../state/state.js';

/** Writes buyers, holds, bookings and ended holds as place-columns.ts says. */
export class PlaceColumnsWriter {
  /** By slot of the hold table: 1 for the first in order of making. */
  readonly ordinalOf: Uint32Array;
  /** By slot of the bookings: 1 for the first in order of booking. */
  readonly bookingOrdinalOf: Uint32Array;
  /** Finds a live booking by the hold that it was. */
  readonly bookingOfHold: IdIndex;
  private readonly holdSlots: readonly number[];
  private readonly bookingSlots: readonly number[];
  /** By place, oldest first: the live booking that says all of an ended hold, or 0. */
  private readonly bookingsThatWere: Uint32Array;
  /** By slot of a buyer: his number from 1 in order of coming up. */
  private readonly numberOf: Uint32Array;
  private readonly buyerSlots: number[] = [];

  constructor(
    private readonly to: ByteWriter,
    private readonly state: InventoryState,
  ) {
    const { holds, bookings, endedHolds, placesOfBuyer } = state;
    this.bookingOfHold = bookings.indexByHold();
    this.holdSlots = holds.inOrder();
    this.bookingSlots = bookings.inOrder();
    this.ordinalOf = ordinals(this.holdSlots, holds.slotsEnd);
    this.bookingOrdinalOf = ordinals(this.bookingSlots, bookings.slotsEnd);
    this.bookingsThatWere = new Uint32Array(endedHolds.size);
    this.numberOf = new Uint32Array(placesOfBuyer.slotsEnd);
    for (const slot of this.holdSlots) this.number(holds.buyerOf(slot));
    for (const slot of this.bookingSlots) this.number(bookings.buyerOf(slot));
    for (let i = 0; i < endedHolds.size; i++) {
      const slot = endedHolds.slotOf(i);
      this.bookingsThatWere[i] = this.bookingThatWas(slot);
      if (this.bookingsThatWere[i] === 0) this.number(endedHolds.buyerAt(slot));
    }
  }

  write(): void {
    const { to, buyerSlots } = this;
    const { placesOfBuyer } = this.state;
    to.uint(buyerSlots.length);
    writeIds(to, buyerSlots.length, (i) => placesOfBuyer.loadId(buyerSlots[i], userKey));
    this.holds();
    this.bookings();
    this.endedHolds();
  }

  private holds(): void {
    const { to, holdSlots } = this;
    const { holds } = this.state;
    to.uint(holdSlots.length);
    writeIds(to, holdSlots.length, (i) => holds.loadId(holdSlots[i], holdKey));
    const rows = new Int32Array(holdSlots.length * holdWords);
    const columns = new Columns(to, rows);
    holdSlots.forEach((slot, i) => {
      const row = i * holdWords;
      const { more } = columns;
      const [attempt, prices] = [holds.attemptOf(slot), holds.pricesOf(slot)];
      const isOfSeveral = typeof prices !== 'number';
      const bits = (attempt === null ? 0 : isPaying) | (isOfSeveral ? hasPrices : 0);
      rows[row + buyerWord] = this.numberOf[holds.buyerOf(slot)];
      setLarge(rows, row + totalWord, holds.totalMinor(slot));
      setLarge(rows, row + madeAtWord, holds.madeAtMs(slot));
      setLarge(rows, row + deadlineWord, holds.deadlineMs(slot));
      setLarge(rows, row + orderWord, holds.expiry.orderOf(slot));
      columns.add(bits, row, holds.seatsOf(slot), holds.areasOf(slot));
      if (isOfSeveral) writePrices(more, prices, holds.totalMinor(slot));
      if (attempt === null) return;
      more.text(attempt.attemptId);
      more.uint(attempt.deadlineBeforeMs);
    });
    columns.end();
  }

  private bookings(): void {
    const { to, bookingSlots } = this;
    const { bookings } = this.state;
    to.uint(bookingSlots.length);
    writeIds(to, bookingSlots.length, (i) => bookings.loadId(bookingSlots[i], bookingKey));
    writeIds(to, bookingSlots.length, (i) => bookings.loadHoldId(bookingSlots[i], holdKey));
    const rows = new Int32Array(bookingSlots.length * bookingWords);
    const columns = new Columns(to, rows);
    bookingSlots.forEach((slot, i) => {
      const row = i * bookingWords;
      rows[row + buyerWord] = this.numberOf[bookings.buyerOf(slot)];
      setLarge(rows, row + totalWord, bookings.totalMinor(slot));
      columns.add(0, row, bookings.seatsOf(slot), bookings.areasOf(slot));
    });
    columns.end();
  }

  /** How each ended; those of live bookings by these; of the others their buyers and ids. */
  private endedHolds(): void {
    const { to, bookingsThatWere, bookingOrdinalOf } = this;
    const { endedHolds } = this.state;
    const booked = bookingsThatWere.filter((booking) => booking !== 0);
    const others: number[] = [];
    to.uint(endedHolds.size);
    for (let i = 0; i < endedHolds.size; i++) {
      const slot = endedHolds.slotOf(i);
      const isBooking = bookingsThatWere[i] !== 0;
      to.byte(isBooking ? endedAsBooking : holdEnds.indexOf(endedHolds.endAt(slot)));
      if (!isBooking) others.push(slot);
    }
    to.uint(booked.length);
    to.align();
    for (const booking of booked) to.int32(bookingOrdinalOf[booking]);
    for (const slot of others) to.int32(this.numberOf[endedHolds.buyerAt(slot)]);
    writeIds(to, others.length, (i) => endedHolds.loadId(others[i], holdKey));
  }

  /** The live booking that says all of this ended hold, 0 when there is none. */
  private bookingThatWas(slot: number): number {
    const { endedHolds, bookings } = this.state;
    if (endedHolds.endAt(slot) !== 'booked') return 0;
    const booking = this.bookingOfHold.find(endedHolds.loadId(slot, holdKey));
    return booking !== 0 && bookings.buyerOf(booking) === endedHolds.buyerAt(slot) ? booking : 0;
  }

  private number(buyer: number): void {
    if (this.numberOf[buyer] === 0) this.numberOf[buyer] = this.buyerSlots.push(buyer);
  }
}

/** What is said of holds or bookings behind their ids. */
class Columns {
  /** What few of them have. */
  readonly more = new ByteWriter();
  private readonly bits = new ByteWriter();
  private readonly seats = new ByteWriter();

  constructor(
    private readonly to: ByteWriter,
    private readonly rows: Int32Array,
  ) {}

  /** The row has the rest already. Before anything else of it goes to `more`. */
  add(
    bits: number,
    row: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
  ): void {
    this.bits.byte(bits | (areas.length === 0 ? 0 : hasAreas));
    this.rows[row + seatCountWord] = seats.length;
    this.seats.int32s(seats, 0, seats.length);
    if (areas.length > 0) this.more.areas(areas);
  }

  end(): void {
    const { to, bits, rows, seats, more } = this;
    to.bytes(bits.take());
    to.uint(seats.length / 4);
    to.align();
    to.int32s(rows, 0, rows.length);
    to.bytes(seats.take());
    to.uint(more.length);
    to.bytes(more.take());
  }
}

function ordinals(slots: readonly number[], slotsEnd: number): Uint32Array {
  const ordinalOf = new Uint32Array(slotsEnd);
  slots.forEach((slot, i) => (ordinalOf[slot] = i + 1));
  return ordinalOf;
}
