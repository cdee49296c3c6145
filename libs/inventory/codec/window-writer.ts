import { writeAnswer } from './answer-codec.js';
import type { ByteWriter } from './byte-writer.js';
import type { PlacesWriter } from './places-writer.js';
import type { SnapshotFormat } from './snapshot-format.js';
import { IdRunWriter } from './snapshot-ids.js';
import { attemptKey, bookingKey, commandKey, holdKey } from '../state/id-key.js';
import { answerAt, kept, standsAs, writeKeptBytes } from '../state/kept-answer.js';
import type { InventoryState } from '../state/state.js';

/**
 * The window in a snapshot, oldest first: id, fingerprint, and an answer of one of these kinds.
 * Most commands of a hot event made a hold that still stands as they made it, those of a sold one
 * a hold that became a live booking, or that booking.
 */
export const answerKind = {
  other: 0,
  /** A hold of named seats. */
  hold: 1,
  /** A live hold just as it stands: how many further it is than the last one that was named so. */
  standingHold: 2,
  /** A hold of the seats of a live booking, which it became: how many further that is. */
  bookedHold: 3,
  /** The same two while it is paid for. */
  payingHold: 16,
  payingBookedHold: 17,
  /** A booking of named seats. */
  booking: 32,
  /** A live booking just as it stands. */
  standingBooking: 33,
} as const;

/** With the kinds of named seats. */
export const oneSeat = 4;
export const sameTotal = 8;

export class WindowWriter {
  private readonly commandIds = new IdRunWriter();
  private readonly holdIds = new IdRunWriter();
  private readonly bookingIds = new IdRunWriter();
  private readonly attemptIds = new IdRunWriter();
  private lastOrdinal = 0;
  private lastBooking = 0;
  private lastMs = 0;
  private lastTotal = 0;
  /** The live hold that is meant next, most likely. */
  private expected: number;

  /** `places`: who wrote holds and bookings before. */
  constructor(
    private readonly to: ByteWriter,
    private readonly state: InventoryState,
    private readonly places: PlacesWriter,
    private readonly format: SnapshotFormat,
  ) {
    this.expected = state.holds.laterThan(0);
  }

  write(): void {
    const { to } = this;
    const { window } = this.state;
    to.uint(window.size);
    for (let i = 0; i < window.size; i++) {
      const slot = window.slotOf(i);
      this.commandIds.write(to, window.loadId(slot, commandKey));
      to.int32(window.fingerprintAt(slot));
      this.answer(window.wordsAt(slot), window.answerOffset(slot));
    }
  }

  private answer(words: Int32Array, at: number): void {
    if (kept.isHold(words, at)) return this.hold(words, at);
    const asText = this.format === 2;
    if (!asText && kept.isPayingHold(words, at)) return this.payingHold(words, at);
    if (!asText && kept.isBooking(words, at)) return this.booking(words, at);
    this.to.byte(answerKind.other);
    if (kept.isPayingHold(words, at) || kept.isBooking(words, at)) {
      writeAnswer(this.to, answerAt(words, at));
    } else writeKeptBytes(this.to, words, at);
  }

  private hold(words: Int32Array, at: number): void {
    const { to, expected } = this;
    const { holds } = this.state;
    const id = kept.loadId(words, at, holdKey);
    // Holds were made in the order of their commands: mostly the next one is meant.
    const standing = expected !== 0 && holds.hasId(expected, id) ? expected : holds.findKey(id);
    if (standing !== 0) this.expected = holds.laterThan(standing);
    if (standing !== 0 && standsAs(holds, standing, words, at)) {
      const ordinal = this.places.ordinalOf[standing];
      to.byte(answerKind.standingHold);
      to.int(ordinal - this.lastOrdinal);
      this.lastOrdinal = ordinal;
      return;
    }
    const booking = standing !== 0 || this.format === 2 ? 0 : this.places.bookingOfHold.find(id);
    if (booking !== 0 && this.isOfBooking(booking, words, at)) {
      to.byte(answerKind.bookedHold);
      this.liveBooking(booking);
    } else this.named(answerKind.hold, this.holdIds, words, at);
    this.deadline(words, at);
  }

  private payingHold(words: Int32Array, at: number): void {
    const { to } = this;
    const booking = this.places.bookingOfHold.find(kept.loadId(words, at, holdKey));
    if (booking !== 0 && this.isOfBooking(booking, words, at)) {
      to.byte(answerKind.payingBookedHold);
      this.liveBooking(booking);
    } else this.named(answerKind.payingHold, this.holdIds, words, at);
    this.deadline(words, at);
    this.attemptIds.write(to, kept.loadOtherId(words, at, attemptKey));
  }

  private booking(words: Int32Array, at: number): void {
    const { to } = this;
    const { bookings } = this.state;
    const live = bookings.findKey(kept.loadId(words, at, bookingKey));
    const same = live !== 0 && bookings.wasHold(live, kept.loadOtherId(words, at, holdKey));
    if (same && this.isOfBooking(live, words, at)) {
      to.byte(answerKind.standingBooking);
      return this.liveBooking(live);
    }
    this.named(answerKind.booking, this.bookingIds, words, at);
    this.holdIds.write(to, kept.loadOtherId(words, at, holdKey));
  }

  private liveBooking(slot: number): void {
    const ordinal = this.places.bookingOrdinalOf[slot];
    this.to.int(ordinal - this.lastBooking);
    this.lastBooking = ordinal;
  }

  /** True when the answer's places are those of the live booking. */
  private isOfBooking(slot: number, words: Int32Array, at: number): boolean {
    const { bookings } = this.state;
    if (bookings.totalMinor(slot) !== kept.totalMinor(words, at)) return false;
    return bookings.areasOf(slot).length === 0 && this.hasSeats(slot, words, at);
  }

  private hasSeats(slot: number, words: Int32Array, at: number): boolean {
    const seats = this.state.bookings.seatsOf(slot);
    if (seats.length !== kept.seats(words, at)) return false;
    for (let i = 0; i < seats.length; i++) if (seats[i] !== kept.seat(words, at, i)) return false;
    return true;
  }

  /** The kind, the id, seats and total. */
  private named(kind: number, ids: IdRunWriter, words: Int32Array, at: number): void {
    const { to } = this;
    const total = kept.totalMinor(words, at);
    const count = kept.seats(words, at);
    const key = ids === this.bookingIds ? bookingKey : holdKey;
    to.byte(kind | (count === 1 ? oneSeat : 0) | (total === this.lastTotal ? sameTotal : 0));
    ids.write(to, kept.loadId(words, at, key));
    if (count !== 1) to.uint(count);
    for (let n = 0; n < count; n++) to.uint(kept.seat(words, at, n));
    if (total !== this.lastTotal) to.uint(total);
    this.lastTotal = total;
  }

  private deadline(words: Int32Array, at: number): void {
    const deadlineMs = kept.deadlineMs(words, at);
    this.to.int(deadlineMs - this.lastMs);
    this.lastMs = deadlineMs;
  }
}
