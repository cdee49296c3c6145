import { readAnswer, writeAnswer } from '../codec/answer-codec.js';
import { ByteReader } from '../codec/byte-reader.js';
import { ByteWriter } from '../codec/byte-writer.js';
import type { Answer, HoldOutcome, Outcome } from '../rules/decision.js';
import type { HoldTable } from './hold-table.js';
import { codeMax, unpackId, wordsOf, type IdKey } from './id-key.js';
import type { HoldId, MinorUnits, SeatIndex, TimeMs } from '../ids.js';
import type { Refusal } from '../refusal-codes.js';
import { noAreas, noSeats } from './seat-lists.js';

/**
 * An answer as the window keeps it, in words, until somebody asks for it again. Most are a hold of
 * named seats:
 *
 *   1 | seats << 1 | code of the id << 11, total, deadline low and high, seats, words of the id
 *
 * Any other is the bytes of answer-codec: their number << 1, then four of them a word.
 */
const holdHead = 4;
const seatsMax = 0x3ff;
const low32 = 2 ** 32;

/** What of a hold is answered, its id apart. */
export type PlainHold = Pick<HoldOutcome, 'seats' | 'areas' | 'totalMinor' | 'deadlineMs'>;

/** The fact that made a hold says the same as the answer. */
export type HoldAnswer = PlainHold & Pick<HoldOutcome, 'holdId'>;

export function isPlainHold(hold: PlainHold, key: IdKey): boolean {
  const plain = hold.areas.length === 0 && hold.seats.length <= seatsMax;
  return plain && hold.totalMinor < low32 && key.code <= codeMax;
}

export function wordsOfHold(hold: PlainHold, key: IdKey): number {
  return holdHead + hold.seats.length + key.size;
}

/** `key` has the hold's id. */
export function keepHold(to: Int32Array, at: number, hold: PlainHold, key: IdKey): void {
  const { seats } = hold;
  keepHead(to, at, seats.length, key.code, hold.totalMinor, hold.deadlineMs);
  let next = at + holdHead;
  for (let i = 0; i < seats.length; i++) to[next++] = seats[i];
  key.copyTo(to, next);
}

/** True when an answer that says this live hold as it stands can be a plain one. */
export function mayBeAnswer(holds: HoldTable, slot: number): boolean {
  const plain = holds.areasOf(slot).length === 0 && holds.seatCountOf(slot) <= seatsMax;
  return plain && holds.totalMinor(slot) < low32;
}

/** How many words `keepStanding` writes. */
export function wordsOfStanding(holds: HoldTable, slot: number): number {
  return holdHead + holds.seatCountOf(slot) + wordsOf(holds.codeOf(slot));
}

/** The same for a live hold as it stands, if it has no area places. */
export function keepStanding(to: Int32Array, at: number, holds: HoldTable, slot: number): void {
  const count = holds.seatCountOf(slot);
  keepHead(to, at, count, holds.codeOf(slot), holds.totalMinor(slot), holds.deadlineMs(slot));
  let next = at + holdHead;
  let seat = holds.firstSeatOf(slot);
  for (let i = 0; i < count; i++) {
    to[next++] = seat;
    seat = holds.seatAfter(seat);
  }
  holds.copyId(slot, to, next);
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
  seats: number,
  code: number,
  totalMinor: number,
  deadlineMs: number,
): void {
  to[at] = 1 | (seats << 1) | (code << 11);
  to[at + 1] = totalMinor;
  // `%` of such numbers is a loop of divisions.
  const high = Math.floor(deadlineMs / low32);
  to[at + 2] = deadlineMs - high * low32;
  to[at + 3] = high;
}

const shared = new ByteWriter();

/** The answer in bytes, in a writer that is used again for the next one. */
export function bytesOfAnswer(answer: Outcome | Refusal): ByteWriter {
  shared.clear();
  writeAnswer(shared, answerOf(answer));
  return shared;
}

export function wordsOfBytes(length: number): number {
  return 1 + ((length + 3) >>> 2);
}

export function keepBytes(
  to: Int32Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): void {
  to[at] = length << 1;
  let word = at + 1;
  let i = start;
  for (const whole = start + length - 3; i < whole; i += 4) {
    to[word++] = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
  }
  if (i === start + length) return;
  to[word] = 0;
  for (let shift = 0; i < start + length; i++, shift += 8) to[word] |= bytes[i] << shift;
}

/** A plain hold among the kept answers, read without making an object of it. */
export const kept = {
  isHold: (from: Int32Array, at: number) => (from[at] & 1) === 1,
  seats: (from: Int32Array, at: number) => (from[at] >>> 1) & seatsMax,
  seat: (from: Int32Array, at: number, i: number) => from[at + holdHead + i] >>> 0,
  holdCode: (from: Int32Array, at: number) => from[at] >>> 11,
  holdIdAt: (from: Int32Array, at: number) => at + holdHead + ((from[at] >>> 1) & seatsMax),
  totalMinor: (from: Int32Array, at: number) => from[at + 1] >>> 0,
  deadlineMs: (from: Int32Array, at: number) => from[at + 3] * low32 + (from[at + 2] >>> 0),
};

/** Writes the bytes of any other answer. */
export function writeKeptBytes(to: ByteWriter, from: Int32Array, at: number): void {
  to.packed(from, at + 1, from[at] >>> 1);
}

/** The answer again, word for word (G4). */
export function answerAt(from: Int32Array, at: number): Answer {
  if (!kept.isHold(from, at)) {
    shared.clear();
    writeKeptBytes(shared, from, at);
    return readAnswer(new ByteReader(shared.take()));
  }
  const count = kept.seats(from, at);
  const seats = Array.from({ length: count }, (_, i) => kept.seat(from, at, i) as SeatIndex);
  const outcome: HoldOutcome = {
    type: 'hold',
    holdId: unpackId(from, kept.holdIdAt(from, at), kept.holdCode(from, at)) as HoldId,
    seats: count === 0 ? noSeats : seats,
    areas: noAreas,
    totalMinor: kept.totalMinor(from, at) as MinorUnits,
    deadlineMs: kept.deadlineMs(from, at) as TimeMs,
  };
  return { kind: 'accepted', outcome };
}

function answerOf(answer: Outcome | Refusal): Answer {
  if ('code' in answer) return { kind: 'refused', refusal: answer };
  return { kind: 'accepted', outcome: answer };
}
