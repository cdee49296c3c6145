import { readAnswer, writeAnswer } from '../codec/answer-codec.js';
import { ByteReader } from '../codec/byte-reader.js';
import { ByteWriter } from '../codec/byte-writer.js';
import type { Answer, BookingOutcome, HoldOutcome, Outcome } from '../rules/decision.js';
import type { BookingTable } from './booking-table.js';
import type { HoldTable } from './hold-table.js';
import { codeMax, unpackId, wordsOf, type IdKey } from './id-key.js';
import type { AttemptId, BookingId, HoldId, MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import type { Refusal } from '../refusal-codes.js';
import { noAreas, noSeats } from './seat-lists.js';

/**
 * An answer as the window keeps it, in words, until somebody asks for it again. The first word ends
 * in its kind; those of named seats have it as kind | seats << 2 | code of the id << 12:
 *
 *   hold         head, total, deadline low and high, seats, id
 *   payingHold   head, total, deadline low and high, code of the attempt, seats, id, attempt
 *   booking      head, total, code of the hold, seats, id, hold
 *
 * Any other is the bytes of answer-codec: their number << 2, then four of them a word.
 */
const [bytes, hold, booking, payingHold] = [0, 1, 2, 3];
/** By kind: words before the seats. */
const headWords = [1, 4, 3, 5];
const kindMask = 3;
const seatsMax = 0x3ff;
const codeShift = 12;
const low32 = 2 ** 32;

/** What of named places every such answer says. */
export type PlainPlaces = Pick<BookingOutcome, 'seats' | 'areas' | 'totalMinor'>;

/** What of a hold is answered, its ids apart. */
export type PlainHold = PlainPlaces & Pick<HoldOutcome, 'deadlineMs'>;

/** The fact that made a hold says the same as the answer. */
export type HoldAnswer = PlainHold & Pick<HoldOutcome, 'holdId'>;

/** True when an answer about these places can be kept in words; `key`: the id in its head. */
export function isPlain(places: PlainPlaces, key: IdKey): boolean {
  const plain = places.areas.length === 0 && places.seats.length <= seatsMax;
  return plain && places.totalMinor < low32 && key.code <= codeMax;
}

export function wordsOfHold({ seats }: PlainHold, key: IdKey): number {
  return headWords[hold] + seats.length + key.size;
}

/** `key` has the hold's id. */
export function keepHold(to: Int32Array, at: number, answer: PlainHold, key: IdKey): void {
  keepHead(to, at, hold, answer.seats.length, key.code, answer.totalMinor);
  keepDeadline(to, at, answer.deadlineMs);
  key.copyTo(to, keepSeats(to, at + headWords[hold], answer.seats));
}

export function wordsOfPayingHold({ seats }: PlainHold, key: IdKey, attempt: IdKey): number {
  return headWords[payingHold] + seats.length + key.size + attempt.size;
}

export function keepPayingHold(
  to: Int32Array,
  at: number,
  answer: PlainHold,
  key: IdKey,
  attempt: IdKey,
): void {
  keepHead(to, at, payingHold, answer.seats.length, key.code, answer.totalMinor);
  keepDeadline(to, at, answer.deadlineMs);
  to[at + 4] = attempt.code;
  const next = keepSeats(to, at + headWords[payingHold], answer.seats);
  key.copyTo(to, next);
  attempt.copyTo(to, next + key.size);
}

export function wordsOfBooking({ seats }: PlainPlaces, key: IdKey, holdId: IdKey): number {
  return headWords[booking] + seats.length + key.size + holdId.size;
}

/** `key` has the booking's id. */
export function keepBooking(
  to: Int32Array,
  at: number,
  answer: PlainPlaces,
  key: IdKey,
  holdId: IdKey,
): void {
  keepHead(to, at, booking, answer.seats.length, key.code, answer.totalMinor);
  to[at + 2] = holdId.code;
  const next = keepSeats(to, at + headWords[booking], answer.seats);
  key.copyTo(to, next);
  holdId.copyTo(to, next + key.size);
}

/** True when an answer that says this live hold as it stands can be a plain one. */
export function mayBeAnswer(holds: HoldTable, slot: number): boolean {
  const plain = holds.areasOf(slot).length === 0 && holds.seatCountOf(slot) <= seatsMax;
  return plain && holds.totalMinor(slot) < low32;
}

/** How many words `keepStanding` writes. */
export function wordsOfStanding(holds: HoldTable, slot: number): number {
  return headWords[hold] + holds.seatCountOf(slot) + wordsOf(holds.codeOf(slot));
}

/** A live hold just as it stands, if it has no area places. */
export function keepStanding(to: Int32Array, at: number, holds: HoldTable, slot: number): void {
  const count = holds.seatCountOf(slot);
  keepHead(to, at, hold, count, holds.codeOf(slot), holds.totalMinor(slot));
  keepDeadline(to, at, holds.deadlineMs(slot));
  holds.copyId(slot, to, keepSeatsOf(to, at + headWords[hold], holds, slot));
}

/** True when an answer that says this live booking as it stands can be a plain one. */
export function mayBeAnswerOfBooking(bookings: BookingTable, slot: number): boolean {
  const plain = bookings.areasOf(slot).length === 0 && bookings.seatCountOf(slot) <= seatsMax;
  return plain && !bookings.hasLargeTotal(slot);
}

/** How many words `keepBookedHold` writes. */
export function wordsOfBookedHold(
  bookings: BookingTable,
  slot: number,
  attempt: IdKey | null,
): number {
  const head = attempt === null ? headWords[hold] : headWords[payingHold] + attempt.size;
  return head + bookings.seatCountOf(slot) + wordsOf(bookings.holdCodeOf(slot));
}

/**
 * The hold that a live booking was, with all of its seats; `deadlines`: has the two words of its
 * deadline at `deadlineAt`; `attempt`: while it is paid for.
 */
export function keepBookedHold(
  to: Int32Array,
  at: number,
  bookings: BookingTable,
  slot: number,
  deadlines: Int32Array,
  deadlineAt: number,
  attempt: IdKey | null,
): void {
  const kind = attempt === null ? hold : payingHold;
  const count = bookings.seatCountOf(slot);
  const code = bookings.holdCodeOf(slot);
  keepHead(to, at, kind, count, code, bookings.totalLow(slot));
  to[at + 2] = deadlines[deadlineAt];
  to[at + 3] = deadlines[deadlineAt + 1];
  const next = keepSeatsOf(to, at + headWords[kind], bookings, slot);
  bookings.copyHoldId(slot, to, next);
  if (attempt === null) return;
  to[at + 4] = attempt.code;
  attempt.copyTo(to, next + wordsOf(code));
}

/** How many words `keepStandingBooking` writes. */
export function wordsOfStandingBooking(bookings: BookingTable, slot: number): number {
  const ids = wordsOf(bookings.codeOf(slot)) + wordsOf(bookings.holdCodeOf(slot));
  return headWords[booking] + bookings.seatCountOf(slot) + ids;
}

/** A live booking just as it stands, if it has no area places. */
export function keepStandingBooking(
  to: Int32Array,
  at: number,
  bookings: BookingTable,
  slot: number,
): void {
  const code = bookings.codeOf(slot);
  keepHead(to, at, booking, bookings.seatCountOf(slot), code, bookings.totalLow(slot));
  to[at + 2] = bookings.holdCodeOf(slot);
  const next = keepSeatsOf(to, at + headWords[booking], bookings, slot);
  bookings.copyId(slot, to, next);
  bookings.copyHoldId(slot, to, next + wordsOf(code));
}

/** True when the hold kept at `at` is the live hold with its id, as that stands. */
export function standsAs(holds: HoldTable, slot: number, words: Int32Array, at: number): boolean {
  if (holds.deadlineMs(slot) !== kept.deadlineMs(words, at)) return false;
  if (holds.totalMinor(slot) !== kept.totalMinor(words, at)) return false;
  const count = kept.seats(words, at);
  if (holds.seatCountOf(slot) !== count || holds.areasOf(slot).length > 0) return false;
  let seat = holds.firstSeatOf(slot);
  for (let i = 0; i < count; i++) {
    if (seat !== kept.seat(words, at, i)) return false;
    seat = holds.seatAfter(seat);
  }
  return true;
}

function keepHead(
  to: Int32Array,
  at: number,
  kind: number,
  seats: number,
  code: number,
  totalMinor: number,
): void {
  to[at] = kind | (seats << 2) | (code << codeShift);
  to[at + 1] = totalMinor;
}

function keepDeadline(to: Int32Array, at: number, deadlineMs: number): void {
  // `%` of such numbers is a loop of divisions.
  const high = Math.floor(deadlineMs / low32);
  to[at + 2] = deadlineMs - high * low32;
  to[at + 3] = high;
}

/** The seats of a live hold or booking. Where the next word goes. */
function keepSeatsOf(
  to: Int32Array,
  at: number,
  table: HoldTable | BookingTable,
  slot: number,
): number {
  const end = at + table.seatCountOf(slot);
  let seat = table.firstSeatOf(slot);
  for (let next = at; next < end; next++) {
    to[next] = seat;
    seat = table.seatAfter(seat);
  }
  return end;
}

/** Where the next word goes. */
function keepSeats(to: Int32Array, at: number, seats: readonly SeatIndex[]): number {
  for (let i = 0; i < seats.length; i++) to[at + i] = seats[i];
  return at + seats.length;
}

const shared = new ByteWriter();

/** The answer in bytes, in a writer that is used again for the next one. */
export function bytesOfAnswer(answer: Outcome | Refusal): ByteWriter {
  shared.clear();
  writeAnswer(shared, answerOf(answer));
  return shared;
}

export function wordsOfBytes(length: number): number {
  return headWords[bytes] + ((length + 3) >>> 2);
}

export function keepBytes(
  to: Int32Array,
  at: number,
  from: Uint8Array,
  start: number,
  length: number,
): void {
  to[at] = length << 2;
  let word = at + 1;
  let i = start;
  for (const whole = start + length - 3; i < whole; i += 4) {
    to[word++] = from[i] | (from[i + 1] << 8) | (from[i + 2] << 16) | (from[i + 3] << 24);
  }
  if (i === start + length) return;
  to[word] = 0;
  for (let shift = 0; i < start + length; i++, shift += 8) to[word] |= from[i] << shift;
}

/** An answer about named seats among those that are kept, read without making an object of it. */
export const kept = {
  isBytes: (from: Int32Array, at: number) => (from[at] & kindMask) === bytes,
  isHold: (from: Int32Array, at: number) => (from[at] & kindMask) === hold,
  isPayingHold: (from: Int32Array, at: number) => (from[at] & kindMask) === payingHold,
  isBooking: (from: Int32Array, at: number) => (from[at] & kindMask) === booking,
  seats: (from: Int32Array, at: number) => (from[at] >>> 2) & seatsMax,
  seat: (from: Int32Array, at: number, i: number) => from[seatsAt(from, at) + i] >>> 0,
  totalMinor: (from: Int32Array, at: number) => from[at + 1] >>> 0,
  /** Of a hold, paying or not. */
  deadlineMs: (from: Int32Array, at: number) => from[at + 3] * low32 + (from[at + 2] >>> 0),
  /** Where that lies, from and up to before. */
  deadlineWords: (at: number): [number, number] => [at + 2, at + 4],
  /** Of the hold or the booking. */
  loadId: (from: Int32Array, at: number, key: IdKey) =>
    key.load(from, idAt(from, at), code(from, at)),
  /** The attempt of a paying hold, the hold of a booking. */
  loadOtherId: (from: Int32Array, at: number, key: IdKey) =>
    key.load(from, otherIdAt(from, at), otherCode(from, at)),
};

/** All words of the answer at `at`. */
export function wordsAt(from: Int32Array, at: number): number {
  if (kept.isBytes(from, at)) return wordsOfBytes(from[at] >>> 2);
  const words = idAt(from, at) - at + wordsOf(code(from, at));
  return kept.isHold(from, at) ? words : words + wordsOf(otherCode(from, at));
}

/**
 * True when an answer is kept at `at`, for words that nobody vouches for; the bytes of any other
 * are for answer-codec to check.
 */
export function isKept(from: Int32Array, at: number, key: IdKey): boolean {
  const left = from.length - at;
  if (left < 1) return false;
  if (kept.isBytes(from, at)) return wordsOfBytes(from[at] >>> 2) <= left;
  if (headWords[from[at] & kindMask] > left || code(from, at) > codeMax) return false;
  if (!kept.isHold(from, at) && otherCode(from, at) >>> 0 > codeMax) return false;
  if (wordsAt(from, at) > left) return false;
  if (!kept.isBooking(from, at)) {
    const deadlineMs = kept.deadlineMs(from, at);
    if (deadlineMs < 0 || !Number.isSafeInteger(deadlineMs)) return false;
  }
  if (!kept.loadId(from, at, key).isSound) return false;
  return kept.isHold(from, at) || kept.loadOtherId(from, at, key).isSound;
}

/** The bytes of any other answer. */
export function bytesAt(from: Int32Array, at: number): Uint8Array {
  shared.clear();
  writeKeptBytes(shared, from, at);
  return shared.take();
}

const code = (from: Int32Array, at: number): number => from[at] >>> codeShift;
const seatsAt = (from: Int32Array, at: number): number => at + headWords[from[at] & kindMask];
const idAt = (from: Int32Array, at: number): number => seatsAt(from, at) + kept.seats(from, at);
/** The last word of the head. */
const otherCode = (from: Int32Array, at: number): number => from[seatsAt(from, at) - 1];
const otherIdAt = (from: Int32Array, at: number): number =>
  idAt(from, at) + wordsOf(code(from, at));

/** Writes the bytes of any other answer. */
export function writeKeptBytes(to: ByteWriter, from: Int32Array, at: number): void {
  to.packed(from, at + 1, from[at] >>> 2);
}

/** The answer again, word for word (G4). */
export function answerAt(from: Int32Array, at: number): Answer {
  if ((from[at] & kindMask) === bytes) {
    return readAnswer(new ByteReader(bytesAt(from, at)));
  }
  return {
    kind: 'accepted',
    outcome: kept.isBooking(from, at) ? bookingAt(from, at) : holdAt(from, at),
  };
}

function bookingAt(from: Int32Array, at: number): BookingOutcome {
  return {
    type: 'booking',
    bookingId: unpackId(from, idAt(from, at), code(from, at)) as BookingId,
    holdId: unpackId(from, otherIdAt(from, at), otherCode(from, at)) as HoldId,
    ...placesAt(from, at),
  };
}

function holdAt(from: Int32Array, at: number): HoldOutcome {
  const holdId = unpackId(from, idAt(from, at), code(from, at)) as HoldId;
  const deadlineMs = kept.deadlineMs(from, at) as TimeMs;
  const plain: HoldOutcome = { type: 'hold', holdId, ...placesAt(from, at), deadlineMs };
  if (!kept.isPayingHold(from, at)) return plain;
  const attemptId = unpackId(from, otherIdAt(from, at), otherCode(from, at)) as AttemptId;
  return { ...plain, attemptId };
}

function placesAt(from: Int32Array, at: number): PlainPlaces {
  const count = kept.seats(from, at);
  const seats = Array.from({ length: count }, (_, i) => kept.seat(from, at, i) as SeatIndex);
  return {
    seats: count === 0 ? noSeats : seats,
    areas: noAreas,
    totalMinor: kept.totalMinor(from, at) as MinorUnits,
  };
}

function answerOf(answer: Outcome | Refusal): Answer {
  if ('code' in answer) return { kind: 'refused', refusal: answer };
  return { kind: 'accepted', outcome: answer };
}
