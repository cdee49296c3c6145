import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { AreaQuantity } from '../commands.js';
import type { HoldEnd } from '../state/ended-holds.js';
import { holdKey, userKey } from '../state/id-key.js';
import type { AttemptId, BookingId, HoldId, MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import { noAreas } from '../state/seat-lists.js';
import { IdRunReader, IdRunWriter } from './snapshot-ids.js';
import { areaFree, placesIn, SeatStatus, type InventoryState } from '../state/state.js';

const holdEnds: readonly HoldEnd[] = ['released', 'expired', 'booked'];

/** Bits at the head of a hold. */
const isPaying = 1;
const hasAreas = 2;
const hasOneSeat = 4;
const allBits = 7;

/**
 * Writes holds, bookings and ended holds. A buyer's id goes where he first comes up, after that his
 * number.
 */
export class PlacesWriter {
  /** By slot of the hold table: 1 for the first in order of making. */
  readonly ordinalOf: Uint32Array;
  /** By slot of a buyer: his number from 1 in order of coming up. */
  private readonly numberOf: Uint32Array;
  private numbered = 0;
  private readonly holdIds = new IdRunWriter();
  private readonly userIds = new IdRunWriter();

  constructor(
    private readonly to: ByteWriter,
    private readonly state: InventoryState,
  ) {
    this.ordinalOf = new Uint32Array(state.holds.slotsEnd);
    this.numberOf = new Uint32Array(state.placesOfBuyer.slotsEnd);
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
      this.ordinalOf[slot] = ++ordinal;
      to.byte(
        (attempt === null ? 0 : isPaying) |
          (areas.length === 0 ? 0 : hasAreas) |
          (seats.length === 1 ? hasOneSeat : 0),
      );
      this.holdIds.write(to, holds.loadId(slot, holdKey));
      this.buyer(holds.buyerOf(slot));
      if (seats.length === 1) to.uint(seats[0]);
      else to.seats(seats);
      if (areas.length > 0) to.areas(areas);
      to.int(madeMs - lastMadeMs);
      to.int(holds.deadlineMs(slot) - madeMs);
      to.uint(holds.totalMinor(slot));
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
    const { bookings, placesOfBuyer } = this.state;
    to.uint(bookings.size);
    for (const booking of bookings.values()) {
      to.text(booking.bookingId);
      to.text(booking.holdId);
      this.buyer(placesOfBuyer.find(booking.userId));
      to.seats(booking.seats);
      to.areas(booking.areas);
      to.uint(booking.totalMinor);
    }
  }

  endedHolds(): void {
    const { to } = this;
    const { endedHolds } = this.state;
    to.uint(endedHolds.size);
    for (let i = 0; i < endedHolds.size; i++) {
      const slot = endedHolds.slotOf(i);
      this.holdIds.write(to, endedHolds.loadId(slot, holdKey));
      this.buyer(endedHolds.buyerAt(slot));
      to.byte(holdEnds.indexOf(endedHolds.endAt(slot)));
    }
  }

  private buyer(slot: number): void {
    const known = this.numberOf[slot];
    this.to.uint(known);
    if (known !== 0) return;
    this.numberOf[slot] = ++this.numbered;
    this.userIds.write(this.to, this.state.placesOfBuyer.loadId(slot, userKey));
  }
}

/** Reads what PlacesWriter wrote into a fresh state. */
export class PlacesReader {
  /** Slots of the hold table, in order of making. */
  readonly holdSlots: number[] = [];
  /** By number of the buyer: his slot. */
  private readonly buyers: number[] = [0];
  private readonly holdIds = new IdRunReader();
  private readonly userIds = new IdRunReader();

  constructor(
    private readonly from: ByteReader,
    private readonly state: InventoryState,
  ) {}

  holds(): void {
    const { from, state } = this;
    const { holds, placesOfBuyer, holdOfSeat } = state;
    const size = from.size(8);
    holds.reserveAll(size);
    placesOfBuyer.reserve(size);
    let lastMadeMs = 0;
    let lastOrder = 0;
    for (let left = size; left > 0; left--) {
      const bits = from.byte();
      if (bits > allBits) from.fail('not a hold');
      const id = this.holdIds.read(from);
      if (holds.findKey(id) !== 0) from.fail('hold twice');
      const buyer = this.buyer();
      const seats = (bits & hasOneSeat) === 0 ? from.seats() : [from.uint() as SeatIndex];
      const areas = (bits & hasAreas) === 0 ? noAreas : from.areas();
      const atMs = this.time(lastMadeMs + from.int());
      const deadlineMs = this.time(atMs + from.int());
      const totalMinor = from.uint() as MinorUnits;
      const order = lastOrder + from.uint();
      if (order <= lastOrder || order > state.version) from.fail('hold out of order');
      lastMadeMs = atMs;
      lastOrder = order;
      this.takeSeats(seats, SeatStatus.held);
      this.takeAreas(areas, state.areaHeld);
      const slot = holds.add(id, buyer, { seats, areas, deadlineMs, atMs, totalMinor }, order);
      for (let i = 0; i < seats.length; i++) holdOfSeat[seats[i]] = slot;
      placesOfBuyer.addAt(buyer, placesIn(seats, areas));
      this.holdSlots.push(slot);
      if ((bits & isPaying) === 0) continue;
      const attemptId = from.text() as AttemptId;
      holds.setAttempt(slot, { attemptId, deadlineBeforeMs: from.uint() as TimeMs });
    }
  }

  bookings(): void {
    const { from, state } = this;
    for (let left = from.size(6); left > 0; left--) {
      const bookingId = from.text() as BookingId;
      const holdId = from.text() as HoldId;
      const buyer = this.buyer();
      const userId = state.placesOfBuyer.idAt(buyer);
      const seats = from.seats();
      const areas = from.areas();
      const totalMinor = from.uint() as MinorUnits;
      if (state.bookings.has(bookingId)) from.fail('booking twice');
      if (seats.length + areas.length === 0) from.fail('booking of nothing');
      this.takeSeats(seats, SeatStatus.booked);
      this.takeAreas(areas, state.areaBooked);
      state.bookings.set(bookingId, { bookingId, holdId, userId, seats, areas, totalMinor });
      state.placesOfBuyer.addAt(buyer, placesIn(seats, areas));
      state.placesOfBuyer.drop(buyer);
    }
  }

  endedHolds(): void {
    const { from } = this;
    const { endedHolds } = this.state;
    const size = from.size(3);
    if (size > endedHolds.limit) from.fail('too many ended holds');
    endedHolds.reserve(size);
    for (let left = size; left > 0; left--) {
      const id = this.holdIds.read(from);
      if (endedHolds.hasKey(id)) from.fail('ended hold twice');
      const buyer = this.buyer();
      endedHolds.insert(id, buyer, holdEnds[from.below(holdEnds.length)]);
    }
  }

  takeSeats(seats: readonly SeatIndex[], status: SeatStatus): void {
    const { statusOfSeat, freeInRow, layout, seatCounts } = this.state;
    for (let i = 0; i < seats.length; i++) {
      const seat = seats[i];
      if (statusOfSeat[seat] !== SeatStatus.free) this.from.fail('seat unknown or taken twice');
      statusOfSeat[seat] = status;
      freeInRow[layout.rowOfSeat[seat]]--;
    }
    seatCounts[SeatStatus.free] -= seats.length;
    seatCounts[status] += seats.length;
  }

  takeAreas(areas: readonly AreaQuantity[], counts: Uint32Array): void {
    for (let i = 0; i < areas.length; i++) {
      const { area, quantity } = areas[i];
      if (area >= counts.length || quantity > areaFree(this.state, area)) {
        this.from.fail('area overfull');
      }
      counts[area] += quantity;
    }
  }

  /** The buyer's slot, with one more reference to it. */
  private buyer(): number {
    const { from, buyers } = this;
    const { placesOfBuyer } = this.state;
    const number = from.below(buyers.length);
    if (number !== 0) {
      placesOfBuyer.keepAt(buyers[number]);
      return buyers[number];
    }
    const slot = placesOfBuyer.keep(this.userIds.read(from));
    buyers.push(slot);
    return slot;
  }

  private time(ms: number): TimeMs {
    if (ms < 0 || !Number.isSafeInteger(ms)) this.from.fail('not a time');
    return ms as TimeMs;
  }
}
