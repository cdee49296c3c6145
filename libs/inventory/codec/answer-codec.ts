import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { Answer, HoldOutcome, Outcome, RulesOutcome } from '../rules/decision.js';
import type { AttemptId, BookingId, HoldId, MinorUnits, TimeMs } from '../ids.js';
import { readRefusal, writeRefusal } from './refusal-codec.js';
import { readRules, writeRules } from './rules-codec.js';

const refused = 0;
const done = 1;
const hold = 2;
const holdPaying = 3;
const booking = 4;
const cancelled = 5;
const rulesChanged = 6;

/** Remembered answers, in snapshots: they come back word for word (G4). */
export function writeAnswer(to: ByteWriter, answer: Answer): void {
  if (answer.kind === 'accepted') return writeOutcome(to, answer.outcome);
  to.byte(refused);
  writeRefusal(to, answer.refusal);
}

export function readAnswer(from: ByteReader): Answer {
  const tag = from.byte();
  if (tag === refused) return { kind: 'refused', refusal: readRefusal(from) };
  return { kind: 'accepted', outcome: readOutcome(from, tag) };
}

/** True when the answer that comes next may be one that is kept in words instead. */
export function mayBeOfNamedSeats({ bytes, position }: ByteReader): boolean {
  const tag = bytes[position];
  return tag === holdPaying || tag === booking;
}

/**
 * Reads an answer as strictly as `readAnswer`, and makes nothing of it. For those only that are
 * kept as bytes: see `mayBeOfNamedSeats`.
 */
export function skipAnswer(from: ByteReader): void {
  switch (from.byte()) {
    case refused:
      readRefusal(from);
      return;
    case done:
      return;
    case hold:
      return skipHold(from);
    case cancelled:
      from.skipText();
      return from.skipSeats();
    case rulesChanged:
      readRulesOutcome(from);
      return;
    default:
      return from.fail('not an answer');
  }
}

function skipHold(from: ByteReader): void {
  from.skipText();
  from.skipSeats();
  from.skipAreas();
  from.uint();
  from.uint();
}

function writeOutcome(to: ByteWriter, outcome: Outcome): void {
  switch (outcome.type) {
    case 'done':
      return to.byte(done);
    case 'hold':
      return writeHold(to, outcome);
    case 'booking':
      to.byte(booking);
      to.text(outcome.bookingId);
      to.text(outcome.holdId);
      to.seats(outcome.seats);
      to.areas(outcome.areas);
      return to.uint(outcome.totalMinor);
    case 'cancelled':
      to.byte(cancelled);
      to.text(outcome.bookingId);
      return to.seats(outcome.seats);
    case 'rules_changed':
      to.byte(rulesChanged);
      to.uint(outcome.revision);
      writeRules(to, outcome.before);
      return writeRules(to, outcome.after);
  }
}

function writeHold(to: ByteWriter, outcome: HoldOutcome): void {
  to.byte(outcome.attemptId === undefined ? hold : holdPaying);
  to.text(outcome.holdId);
  to.seats(outcome.seats);
  to.areas(outcome.areas);
  to.uint(outcome.totalMinor);
  to.uint(outcome.deadlineMs);
  if (outcome.attemptId !== undefined) to.text(outcome.attemptId);
}

function readOutcome(from: ByteReader, tag: number): Outcome {
  switch (tag) {
    case done:
      return { type: 'done' };
    case hold:
      return readHold(from);
    case holdPaying: {
      const held = readHold(from);
      return { attemptId: from.text() as AttemptId, ...held };
    }
    case booking:
      return {
        type: 'booking',
        bookingId: from.text() as BookingId,
        holdId: from.text() as HoldId,
        seats: from.seats(),
        areas: from.areas(),
        totalMinor: from.uint() as MinorUnits,
      };
    case cancelled:
      return { type: 'cancelled', bookingId: from.text() as BookingId, seats: from.seats() };
    case rulesChanged:
      return readRulesOutcome(from);
    default:
      return from.fail('not an answer');
  }
}

function readRulesOutcome(from: ByteReader): RulesOutcome {
  const revision = from.uint();
  return { type: 'rules_changed', revision, before: readRules(from), after: readRules(from) };
}

function readHold(from: ByteReader): HoldOutcome {
  return {
    type: 'hold',
    holdId: from.text() as HoldId,
    seats: from.seats(),
    areas: from.areas(),
    totalMinor: from.uint() as MinorUnits,
    deadlineMs: from.uint() as TimeMs,
  };
}
