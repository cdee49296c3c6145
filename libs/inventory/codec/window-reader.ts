import { mayBeOfNamedSeats, readAnswer, skipAnswer } from './answer-codec.js';
import type { ByteReader } from './byte-reader.js';
import type { PlacesReader } from './places-reader.js';
import { IdRunReader } from './snapshot-ids.js';
import { answerKind, oneSeat, sameTotal } from './window-writer.js';
import { bookingKey, codeMax, holdKey, type IdKey } from '../state/id-key.js';
import type { MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import {
  isPlain,
  keepStanding,
  mayBeAnswer,
  wordsOfStanding,
  type PlainHold,
  type PlainPlaces,
} from '../state/kept-answer.js';
import { noAreas } from '../state/seat-lists.js';
import type { InventoryState } from '../state/state.js';

/** Reads what WindowWriter wrote, of either format. */
export class WindowReader {
  private readonly commandIds = new IdRunReader();
  private readonly holdIds = new IdRunReader();
  private readonly bookingIds = new IdRunReader();
  private readonly attemptIds = new IdRunReader();
  private ordinal = 0;
  private lastBooking = 0;
  private lastMs = 0;
  private lastTotal = 0;

  /** `places`: who read holds and bookings before. */
  constructor(
    private readonly from: ByteReader,
    private readonly state: InventoryState,
    private readonly places: PlacesReader,
  ) {}

  /** How many there are. */
  begin(): number {
    const { from } = this;
    const { window } = this.state;
    const size = from.size(6);
    if (size > window.limit) from.fail('too many commands');
    window.reserveAll(size);
    return size;
  }

  /** The next one. */
  read(): void {
    const { from } = this;
    const id = this.commandIds.read(from);
    if (this.state.window.findKey(id) !== 0) from.fail('command twice');
    const fingerprint = from.int32();
    const head = from.byte();
    const flags = head & (oneSeat | sameTotal);
    switch (head - flags) {
      case answerKind.hold:
        return this.readHold(id, fingerprint, flags);
      case answerKind.payingHold:
        return this.readPayingHold(id, fingerprint, flags);
      case answerKind.booking:
        return this.readBooking(id, fingerprint, flags);
    }
    if (flags !== 0) from.fail('not an answer');
    switch (head) {
      case answerKind.other:
        return this.readOther(id, fingerprint);
      case answerKind.standingHold:
        return this.readStandingHold(id, fingerprint);
      case answerKind.bookedHold:
        return this.readBookedHold(id, fingerprint);
      case answerKind.payingBookedHold:
        return this.readPayingBookedHold(id, fingerprint);
      case answerKind.standingBooking:
        return this.readStandingBooking(id, fingerprint);
      default:
        return from.fail('not an answer');
    }
  }

  private readOther(id: IdKey, fingerprint: number): void {
    const { from } = this;
    const { window } = this.state;
    const start = from.position;
    if (mayBeOfNamedSeats(from)) {
      const answer = readAnswer(from);
      if (answer.kind === 'accepted') return window.insert(id, fingerprint, answer.outcome);
    } else skipAnswer(from);
    window.insertBytes(id, fingerprint, from.bytes, start, from.position - start);
  }

  private readStandingHold(id: IdKey, fingerprint: number): void {
    const { from } = this;
    const { holdSlots } = this.places;
    const { window, holds } = this.state;
    this.ordinal += from.int();
    if (!(this.ordinal >= 1 && this.ordinal <= holdSlots.length)) from.fail('no such hold');
    const slot = holdSlots[this.ordinal - 1];
    if (!mayBeAnswer(holds, slot)) from.fail('not an answer');
    window.open(id, fingerprint, wordsOfStanding(holds, slot));
    keepStanding(window.room, window.roomAt, holds, slot);
  }

  private readHold(id: IdKey, fingerprint: number, flags: number): void {
    const key = this.holdIds.read(this.from);
    const hold = this.holdOf(this.named(key, flags));
    this.state.window.keepHold(id, fingerprint, hold, key);
  }

  private readBookedHold(id: IdKey, fingerprint: number): void {
    const { bookings, window } = this.state;
    const slot = this.liveBooking();
    const key = bookings.loadHoldId(slot, holdKey);
    const hold = this.holdOf(this.placesOf(slot, key));
    window.keepHold(id, fingerprint, hold, key);
  }

  private readPayingHold(id: IdKey, fingerprint: number, flags: number): void {
    const key = this.holdIds.read(this.from);
    const hold = this.holdOf(this.named(key, flags));
    this.state.window.keepPayingHold(id, fingerprint, hold, key, this.attempt());
  }

  private readPayingBookedHold(id: IdKey, fingerprint: number): void {
    const { bookings, window } = this.state;
    const slot = this.liveBooking();
    const key = bookings.loadHoldId(slot, holdKey);
    const hold = this.holdOf(this.placesOf(slot, key));
    window.keepPayingHold(id, fingerprint, hold, key, this.attempt());
  }

  private readBooking(id: IdKey, fingerprint: number, flags: number): void {
    const key = this.bookingIds.read(this.from);
    const places = this.named(key, flags);
    const hold = this.holdIds.read(this.from);
    if (hold.code > codeMax) this.from.fail('not an answer');
    this.state.window.keepBooking(id, fingerprint, places, key, hold);
  }

  private readStandingBooking(id: IdKey, fingerprint: number): void {
    const { bookings, window } = this.state;
    const slot = this.liveBooking();
    const key = bookings.loadId(slot, bookingKey);
    const hold = bookings.loadHoldId(slot, holdKey);
    window.keepBooking(id, fingerprint, this.placesOf(slot, key), key, hold);
  }

  /** The slot of the live booking that is named next. */
  private liveBooking(): number {
    const { from } = this;
    const { bookingSlots } = this.places;
    this.lastBooking += from.int();
    const known = this.lastBooking >= 1 && this.lastBooking <= bookingSlots.length;
    if (!known) from.fail('no such booking');
    return bookingSlots[this.lastBooking - 1];
  }

  private placesOf(booking: number, key: IdKey): PlainPlaces {
    const { bookings } = this.state;
    const seats = bookings.seatsOf(booking);
    const areas = bookings.areasOf(booking);
    const places = { seats, areas, totalMinor: bookings.totalMinor(booking) };
    if (!isPlain(places, key)) this.from.fail('not an answer');
    return places;
  }

  /** Seats and total of an answer; `key`: the id in its head. */
  private named(key: IdKey, flags: number): PlainPlaces {
    const { from } = this;
    const seats = (flags & oneSeat) === 0 ? readSeats(from) : [seat(from)];
    if ((flags & sameTotal) === 0) this.lastTotal = from.below(2 ** 32);
    const places = { seats, areas: noAreas, totalMinor: this.lastTotal as MinorUnits };
    if (!isPlain(places, key)) from.fail('not an answer');
    return places;
  }

  /** With the deadline that comes next. */
  private holdOf({ seats, areas, totalMinor }: PlainPlaces): PlainHold {
    this.lastMs = this.from.timeAfter(this.lastMs);
    // Not with a spread: V8 11 gives each such object a shape of its own.
    return { seats, areas, totalMinor, deadlineMs: this.lastMs as TimeMs };
  }

  private attempt(): IdKey {
    const attempt = this.attemptIds.read(this.from);
    if (attempt.code > codeMax) this.from.fail('not an answer');
    return attempt;
  }
}

function readSeats(from: ByteReader): SeatIndex[] {
  const size = from.size(1);
  return Array.from({ length: size }, () => seat(from));
}

function seat(from: ByteReader): SeatIndex {
  return from.below(2 ** 32) as SeatIndex;
}
