import type { ByteReader } from './byte-reader.js';
import type { AreaQuantity } from '../commands.js';
import { bookingKey, holdKey, type IdKey } from '../state/id-key.js';
import type { AttemptId, MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import { noAreas, placesIn } from '../state/seat-lists.js';
import { IdRunReader } from './snapshot-ids.js';
import { readPrices, type PricedTotal } from './prices-codec.js';
import { takeAreas, takeSeats } from './taken-places.js';
import { pricesOfKind } from '../state/prices.js';
import { snapshotFormatWithRules, type SnapshotFormat } from './snapshot-format.js';
import {
  endedAsBooking,
  hasAreas,
  hasOneSeat,
  hasPrices,
  holdEnds,
  isPaying,
} from './places-writer.js';
import { SeatStatus, type InventoryState } from '../state/state.js';

const oldBits = isPaying | hasAreas | hasOneSeat;
const allBits = oldBits | hasPrices;

/**
 * Reads what PlacesWriter wrote into a fresh state, one after the other: `begin…` says how many
 * there are, `read…` reads the next one.
 */
export class PlacesReader {
  /** Slots of the hold table, in order of making. */
  readonly holdSlots: number[] = [];
  /** Slots of the bookings, in order of booking. */
  readonly bookingSlots: number[] = [];
  /** By number of the buyer: his slot. */
  private readonly buyers: number[] = [0];
  private readonly holdIds = new IdRunReader();
  private readonly userIds = new IdRunReader();
  private readonly bookingIds = new IdRunReader();
  private lastMadeMs = 0;
  private lastOrder = 0;
  private lastBooking = 0;

  constructor(
    private readonly from: ByteReader,
    private readonly state: InventoryState,
    private readonly format: SnapshotFormat,
  ) {}

  beginHolds(): number {
    const size = this.from.size(8);
    this.state.holds.reserveAll(size);
    this.state.placesOfBuyer.reserve(size);
    return size;
  }

  readHold(): void {
    const { from, state } = this;
    const { holds, placesOfBuyer, holdOfSeat } = state;
    const bits = from.byte();
    if (bits > (this.format < snapshotFormatWithRules ? oldBits : allBits)) {
      from.fail('not a hold');
    }
    const id = this.holdIds.read(from);
    if (holds.findKey(id) !== 0) from.fail('hold twice');
    const buyer = this.buyer();
    const seats = (bits & hasOneSeat) === 0 ? from.seats() : [from.uint() as SeatIndex];
    const areas = (bits & hasAreas) === 0 ? noAreas : from.areas();
    // Before anybody asks of what kind they are.
    takeSeats(from, state, seats, SeatStatus.held);
    takeAreas(from, state, areas, state.areaHeld);
    const atMs = this.time(this.lastMadeMs + from.int());
    const deadlineMs = this.time(atMs + from.int());
    const { totalMinor, prices } = this.pricedTotal(bits, seats, areas);
    const order = this.lastOrder + from.uint();
    if (order <= this.lastOrder || order > state.version) from.fail('hold out of order');
    this.lastMadeMs = atMs;
    this.lastOrder = order;
    const slot = holds.add(
      id,
      buyer,
      { seats, areas, deadlineMs, atMs, totalMinor, prices },
      order,
    );
    for (let i = 0; i < seats.length; i++) holdOfSeat[seats[i]] = slot;
    placesOfBuyer.addAt(buyer, placesIn(seats, areas));
    this.holdSlots.push(slot);
    if ((bits & isPaying) === 0) return;
    const attemptId = from.text() as AttemptId;
    holds.setAttempt(slot, { attemptId, deadlineBeforeMs: from.uint() as TimeMs });
  }

  /** A format that does not say prices leaves them to be told from the kinds of the places. */
  private pricedTotal(
    bits: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
  ): PricedTotal {
    const { from, state, format } = this;
    if ((bits & hasPrices) !== 0) return readPrices(from, placesIn(seats, areas));
    const totalMinor = from.uint() as MinorUnits;
    if (format >= snapshotFormatWithRules) {
      const price = (totalMinor / placesIn(seats, areas)) as MinorUnits;
      if (!Number.isInteger(price)) from.fail('not a price');
      return { totalMinor, prices: price };
    }
    return { totalMinor, prices: pricesOfKind(state, seats, areas, totalMinor) };
  }

  beginBookings(): number {
    const size = this.from.size(6);
    this.state.bookings.reserveAll(size);
    return size;
  }

  readBooking(): void {
    const { from } = this;
    if (this.format === 2) {
      const id = from.id(bookingKey);
      const hold = from.id(holdKey);
      return this.addBooking(id, hold, this.buyer(), from.seats(), from.areas());
    }
    const bits = from.byte();
    if ((bits & ~(hasAreas | hasOneSeat)) !== 0) from.fail('not a booking');
    const id = this.bookingIds.read(from);
    const hold = this.holdIds.read(from);
    const buyer = this.buyer();
    const seats = (bits & hasOneSeat) === 0 ? from.seats() : [from.uint() as SeatIndex];
    this.addBooking(id, hold, buyer, seats, (bits & hasAreas) === 0 ? noAreas : from.areas());
  }

  private addBooking(
    id: IdKey,
    hold: IdKey,
    buyer: number,
    seats: readonly SeatIndex[],
    areas: readonly AreaQuantity[],
  ): void {
    const { from, state } = this;
    const { bookings, placesOfBuyer } = state;
    const totalMinor = from.uint() as MinorUnits;
    if (bookings.findKey(id) !== 0) from.fail('booking twice');
    if (placesIn(seats, areas) === 0) from.fail('booking of nothing');
    takeSeats(from, state, seats, SeatStatus.booked);
    takeAreas(from, state, areas, state.areaBooked);
    this.bookingSlots.push(bookings.add(id, hold, buyer, { seats, areas, totalMinor }));
    placesOfBuyer.addAt(buyer, placesIn(seats, areas));
    placesOfBuyer.drop(buyer);
  }

  beginEndedHolds(): number {
    const { from } = this;
    const { endedHolds } = this.state;
    const size = from.size(2);
    if (size > endedHolds.limit) from.fail('too many ended holds');
    endedHolds.reserve(size);
    return size;
  }

  readEndedHold(): void {
    const { from, format } = this;
    const end = format === 2 ? 0 : from.byte();
    if (end === endedAsBooking) return this.readHoldThatWasBooked();
    const id = this.holdIds.read(from);
    const buyer = this.buyer();
    this.addEndedHold(id, buyer, format === 2 ? from.byte() : end);
  }

  private readHoldThatWasBooked(): void {
    const { from, bookingSlots } = this;
    const { bookings, placesOfBuyer } = this.state;
    this.lastBooking += from.int();
    if (!(this.lastBooking >= 1 && this.lastBooking <= bookingSlots.length)) {
      from.fail('no such booking');
    }
    const slot = bookingSlots[this.lastBooking - 1];
    const buyer = bookings.buyerOf(slot);
    placesOfBuyer.keepAt(buyer);
    this.addEndedHold(bookings.loadHoldId(slot, holdKey), buyer, holdEnds.indexOf('booked'));
  }

  private addEndedHold(id: IdKey, buyer: number, end: number): void {
    const { endedHolds } = this.state;
    if (endedHolds.hasKey(id)) this.from.fail('ended hold twice');
    if (end >= holdEnds.length) this.from.fail('not an end');
    endedHolds.insert(id, buyer, holdEnds[end]);
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
