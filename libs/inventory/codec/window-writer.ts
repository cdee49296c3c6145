import { writeAnswer } from './answer-codec.js';
import type { ByteWriter } from './byte-writer.js';
import { LiveAnswers } from './live-answers.js';
import type { PlacesWriter } from './places-writer.js';
import type { SnapshotFormat } from './snapshot-format.js';
import { IdRunWriter } from './snapshot-ids.js';
import { attemptKey, bookingKey, commandKey, holdKey } from '../state/id-key.js';
import { answerAt, kept, writeKeptBytes } from '../state/kept-answer.js';
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
  private readonly live: LiveAnswers;

  /** `places`: who wrote holds and bookings before. */
  constructor(
    private readonly to: ByteWriter,
    private readonly state: InventoryState,
    private readonly places: PlacesWriter,
    private readonly format: SnapshotFormat,
  ) {
    this.live = new LiveAnswers(state, places.bookingOfHold);
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
    const { to, live } = this;
    const asText = this.format === 2;
    const kind = live.find(words, at);
    if (kind === 'hold') return this.standingHold();
    if (kind === 'none' || asText) return this.said(words, at, asText);
    if (kind === 'booking') {
      to.byte(answerKind.standingBooking);
      return this.liveBooking();
    }
    to.byte(kind === 'bookedHold' ? answerKind.bookedHold : answerKind.payingBookedHold);
    this.liveBooking();
    this.deadline(words, at);
    if (kind === 'bookedHold') return;
    this.attemptIds.write(to, kept.loadOtherId(words, at, attemptKey));
  }

  /** An answer that no live hold or booking says. */
  private said(words: Int32Array, at: number, asText: boolean): void {
    const { to } = this;
    if (kept.isHold(words, at)) {
      this.named(answerKind.hold, this.holdIds, words, at);
      return this.deadline(words, at);
    }
    if (kept.isPayingHold(words, at) && !asText) {
      this.named(answerKind.payingHold, this.holdIds, words, at);
      this.deadline(words, at);
      return this.attemptIds.write(to, kept.loadOtherId(words, at, attemptKey));
    }
    if (kept.isBooking(words, at) && !asText) {
      this.named(answerKind.booking, this.bookingIds, words, at);
      return this.holdIds.write(to, kept.loadOtherId(words, at, holdKey));
    }
    to.byte(answerKind.other);
    if (kept.isBytes(words, at)) writeKeptBytes(to, words, at);
    else writeAnswer(to, answerAt(words, at));
  }

  private standingHold(): void {
    const { to } = this;
    const ordinal = this.places.ordinalOf[this.live.slot];
    to.byte(answerKind.standingHold);
    to.int(ordinal - this.lastOrdinal);
    this.lastOrdinal = ordinal;
  }

  private liveBooking(): void {
    const ordinal = this.places.bookingOrdinalOf[this.live.slot];
    this.to.int(ordinal - this.lastBooking);
    this.lastBooking = ordinal;
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
