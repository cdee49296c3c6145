import { ByteReader } from './byte-reader.js';
import { IdBlock } from './id-blocks.js';
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
import { readPrices } from './prices-codec.js';
import { takeAreas, takeSeats } from './taken-places.js';
import type { AreaQuantity } from '../commands.js';
import type { AttemptId, MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import type { Prices } from '../prices.js';
import { largeAt } from '../state/columns.js';
import { holdKey } from '../state/id-key.js';
import { isAscending, noAreas, noSeats, placesIn } from '../state/seat-lists.js';
import { SeatStatus, type InventoryState } from '../state/state.js';

/**
 * Reads what PlaceColumnsWriter wrote into a fresh state. `begin…` takes the columns of a kind
 * and says how many there are, `read…` reads so many of them.
 *
 * PCR1  Slots of a fresh state are taken in order: the first buyer, hold or booking is in slot 1,
 *       and what names one by its number names its slot.
 * PCR2  A buyer is there for something: one that nothing names could never be forgotten.
 */
export class PlaceColumnsReader {
  private lastOrder = 0;
  private buyers!: IdBlock;
  private holds!: Columns;
  private bookings!: Columns;
  private holdIds!: IdBlock;
  private ended!: EndedColumns;

  constructor(
    private readonly from: ByteReader,
    private readonly state: InventoryState,
  ) {}

  /** In the order in which they are written. */
  get sections() {
    return [
      { begin: () => this.beginBuyers(), read: (count: number) => this.readBuyers(count) },
      { begin: () => this.beginHolds(), read: (count: number) => this.readHolds(count) },
      { begin: () => this.beginBookings(), read: (count: number) => this.readBookings(count) },
      {
        begin: () => this.beginEndedHolds(),
        read: (count: number) => this.readEndedHolds(count),
        end: () => this.end(),
      },
    ];
  }

  private beginBuyers(): number {
    const { from } = this;
    const size = from.size(4);
    this.buyers = new IdBlock(from, size);
    this.state.placesOfBuyer.reserve(size, this.buyers.idWords);
    return size;
  }

  private readBuyers(count: number): void {
    const { placesOfBuyer } = this.state;
    const first = placesOfBuyer.slotsEnd;
    for (let i = 0; i < count; i++) placesOfBuyer.addNoted(this.buyers.next());
    if (!placesOfBuyer.findable(first)) this.from.fail('buyer twice');
  }

  private beginHolds(): number {
    const { from } = this;
    this.buyers.end();
    const size = from.size(holdWords * 4);
    const ids = new IdBlock(from, size);
    this.state.holds.reserveAll(size, ids.idWords);
    this.holds = new Columns(from, size, ids, holdWords, isPaying | hasAreas | hasPrices);
    return size;
  }

  private readHolds(count: number): void {
    for (let i = 0; i < count; i++) this.readHold();
  }

  private readHold(): void {
    const { from, state, holds: columns } = this;
    const { holds, placesOfBuyer, holdOfSeat } = state;
    const { rows, more } = columns;
    const row = columns.next();
    const id = columns.ids.next();
    if (holds.findKey(id) !== 0) from.fail('hold twice');
    const buyer = this.buyer(rows[row + buyerWord]);
    const { seats, areas } = columns;
    const atMs = columns.large(row + madeAtWord) as TimeMs;
    const deadlineMs = columns.large(row + deadlineWord) as TimeMs;
    const totalMinor = columns.large(row + totalWord) as MinorUnits;
    const prices = this.prices(totalMinor, placesIn(seats, areas));
    const order = columns.large(row + orderWord);
    if (order <= this.lastOrder || order > state.version) from.fail('hold out of order');
    this.lastOrder = order;
    takeSeats(from, state, seats, SeatStatus.held);
    takeAreas(from, state, areas, state.areaHeld);
    const hold = { seats, areas, deadlineMs, atMs, totalMinor, prices };
    const slot = holds.add(id, buyer, hold, order);
    for (let i = 0; i < seats.length; i++) holdOfSeat[seats[i]] = slot;
    placesOfBuyer.addAt(buyer, placesIn(seats, areas));
    if ((columns.bits & isPaying) === 0) return;
    const attemptId = more.text() as AttemptId;
    holds.setAttempt(slot, { attemptId, deadlineBeforeMs: more.uint() as TimeMs });
  }

  private prices(totalMinor: MinorUnits, places: number): Prices {
    const { from, holds } = this;
    if ((holds.bits & hasPrices) !== 0) {
      const said = readPrices(holds.more, places);
      if (said.totalMinor !== totalMinor) from.fail('prices of another total');
      return said.prices;
    }
    const price = totalMinor / places;
    if (!Number.isInteger(price)) from.fail('not a price');
    return price as MinorUnits;
  }

  private beginBookings(): number {
    const { from } = this;
    this.holds.end();
    const size = from.size(bookingWords * 4);
    const ids = new IdBlock(from, size);
    this.holdIds = new IdBlock(from, size);
    this.state.bookings.reserveAll(size, ids.idWords, this.holdIds.idWords);
    this.bookings = new Columns(from, size, ids, bookingWords, hasAreas);
    return size;
  }

  private readBookings(count: number): void {
    const { from, state, bookings: columns, holdIds } = this;
    const { bookings, placesOfBuyer } = state;
    const { rows, ids } = columns;
    const first = bookings.slotsEnd;
    for (let i = 0; i < count; i++) {
      const row = columns.next();
      const id = ids.next();
      const buyer = this.buyer(rows[row + buyerWord]);
      const { seats, areas } = columns;
      const places = placesIn(seats, areas);
      if (places === 0) from.fail('booking of nothing');
      const totalMinor = columns.large(row + totalWord) as MinorUnits;
      takeSeats(from, state, seats, SeatStatus.booked);
      takeAreas(from, state, areas, state.areaBooked);
      bookings.addNoted(id, holdIds.next(), buyer, { seats, areas, totalMinor });
      placesOfBuyer.addAt(buyer, places);
      placesOfBuyer.drop(buyer);
    }
    if (!bookings.findable(first)) from.fail('booking twice');
  }

  private beginEndedHolds(): number {
    const { from, state } = this;
    this.bookings.end();
    this.holdIds.end();
    const size = from.size(5);
    if (size > state.endedHolds.limit) from.fail('too many ended holds');
    this.ended = new EndedColumns(from, size);
    state.endedHolds.reserve(size, Math.max(this.ended.ids.idWords, this.holdIds.idWords));
    return size;
  }

  private readEndedHolds(count: number): void {
    const { from, state, ended } = this;
    const { bookings, endedHolds, placesOfBuyer } = state;
    const first = endedHolds.size + 1;
    for (let i = 0; i < count; i++) {
      const end = ended.nextEnd();
      const isBooking = end === endedAsBooking;
      const booking = isBooking ? ended.nextBooking() : 0;
      if (isBooking && !(booking >= 1 && booking <= bookings.size)) from.fail('no such booking');
      const id = isBooking ? bookings.loadHoldId(booking, holdKey) : ended.ids.next();
      const buyer = isBooking ? bookings.buyerOf(booking) : this.buyer(ended.nextBuyer());
      if (isBooking) placesOfBuyer.keepAt(buyer);
      endedHolds.insertNoted(id, buyer, isBooking ? 'booked' : holdEnds[end]);
    }
    if (!endedHolds.findable(first)) from.fail('ended hold twice');
  }

  private end(): void {
    this.ended.ids.end();
    if (!this.state.placesOfBuyer.areAllThere) this.from.fail('a buyer of nothing');
  }

  /** The buyer's slot, with one more reference to it. */
  private buyer(number: number): number {
    const { placesOfBuyer } = this.state;
    if (!(number >= 1 && number <= placesOfBuyer.size)) this.from.fail('no such buyer');
    placesOfBuyer.keepAt(number);
    return number;
  }
}

/** What is said of holds or bookings beside their ids; `next` turns to the next one. */
class Columns {
  readonly rows: Int32Array;
  readonly more: ByteReader;
  bits = 0;
  seats: readonly SeatIndex[] = noSeats;
  areas: readonly AreaQuantity[] = noAreas;
  private readonly allBits: Uint8Array;
  private readonly allSeats: Int32Array;
  private at = 0;
  private seatAt = 0;

  constructor(
    private readonly from: ByteReader,
    size: number,
    readonly ids: IdBlock,
    private readonly rowWords: number,
    private readonly bitsKnown: number,
  ) {
    this.allBits = from.part(size);
    const seats = from.uint();
    from.align();
    this.rows = from.int32s(size * rowWords);
    this.allSeats = from.int32s(seats);
    this.more = new ByteReader(from.part(from.uint()));
  }

  /** Where the row begins. */
  next(): number {
    const row = this.at * this.rowWords;
    this.bits = this.allBits[this.at++];
    if ((this.bits & ~this.bitsKnown) !== 0) this.from.fail('not a hold or booking');
    this.seats = this.nextSeats(this.rows[row + seatCountWord]);
    this.areas = (this.bits & hasAreas) === 0 ? noAreas : this.more.areas();
    return row;
  }

  large(at: number): number {
    const value = largeAt(this.rows, at);
    if (value < 0 || !Number.isSafeInteger(value)) this.from.fail('not a number');
    return value;
  }

  /** After the last one. */
  end(): void {
    this.ids.end();
    if (this.seatAt !== this.allSeats.length || !this.more.isAtEnd) this.from.fail('not columns');
  }

  private nextSeats(count: number): readonly SeatIndex[] {
    const { allSeats, seatAt } = this;
    if (count === 0) return noSeats;
    if (count < 0 || count > allSeats.length - seatAt) this.from.fail('seats beyond the end');
    this.seatAt += count;
    if (count === 1) return [(allSeats[seatAt] >>> 0) as SeatIndex];
    const seats: SeatIndex[] = [];
    for (let i = seatAt; i < seatAt + count; i++) seats.push(allSeats[i] as SeatIndex);
    if (!isAscending(seats)) this.from.fail('seats out of order');
    return seats;
  }
}

class EndedColumns {
  readonly ids: IdBlock;
  private readonly ends: Uint8Array;
  private readonly bookings: Int32Array;
  private readonly buyers: Int32Array;
  private endAt = 0;
  private bookingAt = 0;
  private buyerAt = 0;

  constructor(
    private readonly from: ByteReader,
    size: number,
  ) {
    this.ends = from.part(size);
    let booked = 0;
    for (const end of this.ends) if (end === endedAsBooking) booked++;
    if (from.uint() !== booked) from.fail('not as many bookings');
    from.align();
    this.bookings = from.int32s(booked);
    this.buyers = from.int32s(size - booked);
    this.ids = new IdBlock(from, size - booked);
  }

  nextEnd(): number {
    const end = this.ends[this.endAt++];
    if (end > endedAsBooking) this.from.fail('not an end');
    return end;
  }

  nextBooking(): number {
    return this.bookings[this.bookingAt++];
  }

  nextBuyer(): number {
    return this.buyers[this.buyerAt++];
  }
}
