import { assert } from '../assert.js';
import { grown, roomFor } from './columns.js';
import type { Answer, BookingOutcome, Outcome } from '../rules/decision.js';
import { FifoSlots } from './fifo-slots.js';
import { IdIndex, type IdStore } from './id-index.js';
import { codeMax, unpackId, wordsOf, type IdKey } from './id-key.js';
import { attemptIds, bookingIds, commandIds, holdIds } from './id-reader.js';
import type { AttemptId, CommandId } from '../ids.js';
import {
  answerAt,
  bytesOfAnswer,
  isPlain,
  keepBooking,
  keepBytes,
  keepHold,
  keepPayingHold,
  wordsOfBooking,
  wordsOfBytes,
  wordsOfHold,
  wordsOfPayingHold,
  type HoldAnswer,
  type PlainHold,
  type PlainPlaces,
} from './kept-answer.js';
import type { Refusal } from '../refusal-codes.js';
import { WordLog } from './word-log.js';

const rowWords = 3;

/**
 * The answers of the last commands by id (G4), rebuilt by `evolve` from facts alone. An entry is
 * words of a log, the command id and behind it the answer; no object lives for it. The answer is
 * made again when a duplicate asks.
 */
export class CommandWindow implements IdStore {
  private readonly slots: FifoSlots;
  private readonly index: IdIndex;
  private readonly log = new WordLog();
  /** By slot: where the entry is in the log, code of the id, fingerprint of the command. */
  private rows = new Int32Array(16 * rowWords);
  /** Of the entry that was opened last: where its answer goes. */
  room: Int32Array = new Int32Array(0);
  roomAt = 0;

  /** `usual`: slots when every seat was held once. */
  constructor(
    limit: number,
    private readonly usual = 0,
  ) {
    this.slots = new FifoSlots(limit);
    this.index = new IdIndex(this, usual);
  }

  get size(): number {
    return this.slots.size;
  }

  get limit(): number {
    return this.slots.limit;
  }

  /** 0 when the command is not remembered. */
  find(commandId: CommandId): number {
    return this.index.find(commandIds.read(commandId));
  }

  touch(key: IdKey): number {
    return this.index.touch(key);
  }

  findKey(key: IdKey): number {
    return this.index.find(key);
  }

  fingerprintAt(slot: number): number {
    return this.rows[slot * rowWords + 2];
  }

  answerAt(slot: number): Answer {
    return answerAt(this.wordsAt(slot), this.answerOffset(slot));
  }

  insert(key: IdKey, fingerprint: number, answer: Outcome | Refusal): void {
    if ('code' in answer) return this.insertOther(key, fingerprint, answer);
    if (answer.type === 'booking') return this.insertBooking(key, fingerprint, answer);
    if (answer.type !== 'hold') return this.insertOther(key, fingerprint, answer);
    const id = holdIds.read(answer.holdId);
    const { attemptId } = answer;
    if (attemptId === undefined) this.insertHold(key, fingerprint, answer, id);
    else this.insertPayingHold(key, fingerprint, answer, id, attemptId);
  }

  /** `id`: the hold's. */
  insertHold(key: IdKey, fingerprint: number, hold: HoldAnswer, id: IdKey): void {
    if (isPlain(hold, id)) return this.keepHold(key, fingerprint, hold, id);
    const { holdId, seats, areas, totalMinor, deadlineMs } = hold;
    const outcome: Outcome = { type: 'hold', holdId, seats, areas, totalMinor, deadlineMs };
    this.insertOther(key, fingerprint, outcome);
  }

  /** A plain one. */
  keepHold(key: IdKey, fingerprint: number, hold: PlainHold, id: IdKey): void {
    this.open(key, fingerprint, wordsOfHold(hold, id));
    keepHold(this.room, this.roomAt, hold, id);
  }

  /** A plain one. */
  keepPayingHold(
    key: IdKey,
    fingerprint: number,
    hold: PlainHold,
    id: IdKey,
    attempt: IdKey,
  ): void {
    this.open(key, fingerprint, wordsOfPayingHold(hold, id, attempt));
    keepPayingHold(this.room, this.roomAt, hold, id, attempt);
  }

  /** A plain one; `id`: the booking's. */
  keepBooking(
    key: IdKey,
    fingerprint: number,
    booking: PlainPlaces,
    id: IdKey,
    holdId: IdKey,
  ): void {
    this.open(key, fingerprint, wordsOfBooking(booking, id, holdId));
    keepBooking(this.room, this.roomAt, booking, id, holdId);
  }

  /** The words that an entry lies in. */
  wordsAt(slot: number): Int32Array {
    return this.log.chunkAt(this.positionOf(slot));
  }

  /** Where in them its answer begins. */
  answerOffset(slot: number): number {
    return this.log.offsetAt(this.positionOf(slot)) + wordsOf(this.codeOf(slot));
  }

  loadId(slot: number, key: IdKey): IdKey {
    return key.load(
      this.wordsAt(slot),
      this.log.offsetAt(this.positionOf(slot)),
      this.codeOf(slot),
    );
  }

  /** The slot of the i-th oldest, from 0. */
  slotOf(i: number): number {
    return this.slots.at(i);
  }

  has(slot: number, key: IdKey): boolean {
    const position = this.positionOf(slot);
    if (this.codeOf(slot) !== key.code) return false;
    return key.equals(this.log.chunkAt(position), this.log.offsetAt(position));
  }

  idAt(slot: number): string {
    return unpackId(
      this.wordsAt(slot),
      this.log.offsetAt(this.positionOf(slot)),
      this.codeOf(slot),
    );
  }

  /** Opens an entry with `room` for an answer of so many words; the caller fills it. */
  open(key: IdKey, fingerprint: number, answerWords: number): void {
    this.index.add(key, this.lay(key, fingerprint, answerWords));
  }

  /** As `open`, for a loader, who lets it be found by `findable`. There must be room. */
  openNoted(key: IdKey, fingerprint: number, answerWords: number): void {
    this.index.note(this.lay(key, fingerprint, answerWords), key.hash);
  }

  /** Lets entries from that slot on be found. False: a command is there twice. */
  findable(first: number): boolean {
    return this.index.addNoted(first, this.size + 1);
  }

  /** Room for so many commands and more, for a loader who knows how many will come. */
  reserveAll(commands: number): void {
    const slots = roomFor(commands, this.limit);
    this.index.reserve(slots);
    this.reserve(slots);
  }

  /** An answer in the bytes of answer-codec. */
  insertBytes(
    key: IdKey,
    fingerprint: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    this.open(key, fingerprint, wordsOfBytes(length));
    keepBytes(this.room, this.roomAt, bytes, start, length);
  }

  private lay(key: IdKey, fingerprint: number, answerWords: number): number {
    assert(key.code <= codeMax, 'an id is bounded');
    const position = this.log.allocate(key.size + answerWords);
    if (this.slots.isFull) this.forgetOldest(position);
    const slot = this.slots.take();
    this.reserve(slot);
    const { rows } = this;
    rows[slot * rowWords] = position;
    rows[slot * rowWords + 1] = key.code;
    rows[slot * rowWords + 2] = fingerprint;
    this.room = this.log.chunkAt(position);
    const at = this.log.offsetAt(position);
    key.copyTo(this.room, at);
    this.roomAt = at + key.size;
    return slot;
  }

  private insertPayingHold(
    key: IdKey,
    fingerprint: number,
    hold: HoldAnswer,
    id: IdKey,
    attemptId: AttemptId,
  ): void {
    const attempt = attemptIds.read(attemptId);
    const plain = isPlain(hold, id) && attempt.code <= codeMax;
    if (plain) return this.keepPayingHold(key, fingerprint, hold, id, attempt);
    const { holdId, seats, areas, totalMinor, deadlineMs } = hold;
    const places = { seats, areas, totalMinor, deadlineMs };
    this.insertOther(key, fingerprint, { type: 'hold', holdId, ...places, attemptId });
  }

  private insertBooking(key: IdKey, fingerprint: number, booking: BookingOutcome): void {
    const id = bookingIds.read(booking.bookingId);
    const holdId = holdIds.read(booking.holdId);
    const plain = isPlain(booking, id) && holdId.code <= codeMax;
    if (plain) this.keepBooking(key, fingerprint, booking, id, holdId);
    else this.insertOther(key, fingerprint, booking);
  }

  private insertOther(key: IdKey, fingerprint: number, answer: Outcome | Refusal): void {
    const { written, length } = bytesOfAnswer(answer);
    this.insertBytes(key, fingerprint, written, 0, length);
  }

  private positionOf(slot: number): number {
    return this.rows[slot * rowWords] >>> 0;
  }

  private codeOf(slot: number): number {
    return this.rows[slot * rowWords + 1];
  }

  private reserve(slot: number): void {
    const length = (slot + 1) * rowWords;
    if (length > this.rows.length) this.rows = grown(this.rows, length, this.usual * rowWords);
  }

  private forgetOldest(newest: number): void {
    const { oldest, limit } = this.slots;
    this.index.remove(oldest);
    const next = limit === 1 ? newest : this.positionOf(this.slots.at(1));
    this.log.forget(this.positionOf(oldest), next);
  }
}
