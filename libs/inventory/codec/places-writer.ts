import type { ByteWriter } from './byte-writer.js';
import type { HoldEnd } from '../state/ended-holds.js';
import type { IdIndex } from '../state/id-index.js';
import { bookingKey, holdKey, userKey } from '../state/id-key.js';
import { IdRunWriter } from './snapshot-ids.js';
import { writePrices } from './prices-codec.js';
import { snapshotFormatWithRules, type SnapshotFormat } from './snapshot-format.js';
import type { InventoryState } from '../state/state.js';

/** Stored numbers: never renumber, only append. */
export const holdEnds: readonly HoldEnd[] = ['released', 'expired', 'booked'];

/** Bits at the head of a hold. */
export const isPaying = 1;
export const hasAreas = 2;
export const hasOneSeat = 4;
/** Prices of its places in place of the total: they are several, or not known. */
export const hasPrices = 8;

/** In place of how a hold ended: it was booked, and the booking is live and says the rest. */
export const endedAsBooking = 3;

/**
 * Writes holds, bookings and ended holds. A buyer's id goes where he first comes up, after that his
 * number. A hold that became a live booking is said by how many further that is than the last one.
 */
export class PlacesWriter {
  /** By slot of the hold table: 1 for the first in order of making. */
  readonly ordinalOf: Uint32Array;
  /** By slot of a buyer: his number from 1 in order of coming up. */
  private readonly numberOf: Uint32Array;
  private numbered = 0;
  /** By slot of the bookings: 1 for the first in order of booking. */
  readonly bookingOrdinalOf: Uint32Array;
  /** Finds a live booking by the hold that it was. */
  readonly bookingOfHold: IdIndex;
  private readonly holdIds = new IdRunWriter();
  private readonly userIds = new IdRunWriter();
  private readonly bookingIds = new IdRunWriter();

  constructor(
    private readonly to: ByteWriter,
    private readonly state: InventoryState,
    private readonly format: SnapshotFormat,
  ) {
    this.ordinalOf = new Uint32Array(state.holds.slotsEnd);
    this.numberOf = new Uint32Array(state.placesOfBuyer.slotsEnd);
    this.bookingOrdinalOf = new Uint32Array(state.bookings.slotsEnd);
    this.bookingOfHold = state.bookings.indexByHold();
  }

  holds(): void {
    const { to } = this;
    const { holds } = this.state;
    let lastMadeMs = 0;
    let lastOrder = 0;
    let ordinal = 0;
    to.uint(holds.size);
    for (const slot of holds.inOrder()) {
      const attempt = holds.attemptOf(slot);
      const areas = holds.areasOf(slot);
      const seats = holds.seatsOf(slot);
      const madeMs = holds.madeAtMs(slot);
      const order = holds.expiry.orderOf(slot);
      const prices = this.format < snapshotFormatWithRules ? 0 : holds.pricesOf(slot);
      this.ordinalOf[slot] = ++ordinal;
      to.byte(
        (attempt === null ? 0 : isPaying) |
          (areas.length === 0 ? 0 : hasAreas) |
          (seats.length === 1 ? hasOneSeat : 0) |
          (typeof prices === 'number' ? 0 : hasPrices),
      );
      this.holdIds.write(to, holds.loadId(slot, holdKey));
      this.buyer(holds.buyerOf(slot));
      if (seats.length === 1) to.uint(seats[0]);
      else to.seats(seats);
      if (areas.length > 0) to.areas(areas);
      to.int(madeMs - lastMadeMs);
      to.int(holds.deadlineMs(slot) - madeMs);
      if (typeof prices === 'number') to.uint(holds.totalMinor(slot));
      else writePrices(to, prices, holds.totalMinor(slot));
      to.uint(order - lastOrder);
      lastMadeMs = madeMs;
      lastOrder = order;
      if (attempt === null) continue;
      to.text(attempt.attemptId);
      to.uint(attempt.deadlineBeforeMs);
    }
  }

  bookings(): void {
    const { to } = this;
    const { bookings } = this.state;
    let ordinal = 0;
    to.uint(bookings.size);
    for (let slot = bookings.laterThan(0); slot !== 0; slot = bookings.laterThan(slot)) {
      this.bookingOrdinalOf[slot] = ++ordinal;
      if (this.format === 2) this.bookingAsText(slot);
      else this.booking(slot);
    }
  }

  private booking(slot: number): void {
    const { to } = this;
    const { bookings } = this.state;
    const seats = bookings.seatsOf(slot);
    const areas = bookings.areasOf(slot);
    to.byte((areas.length === 0 ? 0 : hasAreas) | (seats.length === 1 ? hasOneSeat : 0));
    this.bookingIds.write(to, bookings.loadId(slot, bookingKey));
    this.holdIds.write(to, bookings.loadHoldId(slot, holdKey));
    this.buyer(bookings.buyerOf(slot));
    if (seats.length === 1) to.uint(seats[0]);
    else to.seats(seats);
    if (areas.length > 0) to.areas(areas);
    to.uint(bookings.totalMinor(slot));
  }

  private bookingAsText(slot: number): void {
    const { to } = this;
    const { bookings } = this.state;
    to.id(bookings.loadId(slot, bookingKey));
    to.id(bookings.loadHoldId(slot, holdKey));
    this.buyer(bookings.buyerOf(slot));
    to.seats(bookings.seatsOf(slot));
    to.areas(bookings.areasOf(slot));
    to.uint(bookings.totalMinor(slot));
  }

  endedHolds(): void {
    const { to } = this;
    const { endedHolds } = this.state;
    let lastOrdinal = 0;
    to.uint(endedHolds.size);
    for (let i = 0; i < endedHolds.size; i++) {
      const slot = endedHolds.slotOf(i);
      const booking = this.bookingThatWas(slot);
      if (booking !== 0) {
        const ordinal = this.bookingOrdinalOf[booking];
        to.byte(endedAsBooking);
        to.int(ordinal - lastOrdinal);
        lastOrdinal = ordinal;
        continue;
      }
      const end = holdEnds.indexOf(endedHolds.endAt(slot));
      if (this.format !== 2) to.byte(end);
      this.holdIds.write(to, endedHolds.loadId(slot, holdKey));
      this.buyer(endedHolds.buyerAt(slot));
      if (this.format === 2) to.byte(end);
    }
  }

  /** The live booking that says all of this ended hold, 0 when there is none. */
  private bookingThatWas(slot: number): number {
    const { endedHolds, bookings } = this.state;
    if (this.format === 2 || endedHolds.endAt(slot) !== 'booked') return 0;
    const booking = this.bookingOfHold.find(endedHolds.loadId(slot, holdKey));
    return booking !== 0 && bookings.buyerOf(booking) === endedHolds.buyerAt(slot) ? booking : 0;
  }

  private buyer(slot: number): void {
    const known = this.numberOf[slot];
    this.to.uint(known);
    if (known !== 0) return;
    this.numberOf[slot] = ++this.numbered;
    this.userIds.write(this.to, this.state.placesOfBuyer.loadId(slot, userKey));
  }
}
