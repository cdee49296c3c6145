import { assert } from '../assert.js';
import type { By } from '../by.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type {
  BookingCancelled,
  Cause,
  Fact,
  FactType,
  SeatsBooked,
  SeatsBookedLate,
} from '../facts.js';
import { heldForNeed } from './fact-kinds.js';
import { readPrices, writePrices } from './prices-codec.js';
import { isOldRefusal, readRefusal, writeRefusal } from './refusal-codec.js';
import { readRules, readTexts, writeRules, writeTexts } from './rules-codec.js';
import { placesIn } from '../state/seat-lists.js';
import type { Payload } from './upcasters.js';

/** The fields of a fact in that version. Deadlines go as distances from the fact's time. */
export function writePayload(to: ByteWriter, fact: Fact, version: number): void {
  switch (fact.type) {
    case 'SaleOpened':
    case 'SaleClosed':
    case 'EventCancelled':
      return;
    case 'SeatsHeld':
      to.text(fact.holdId);
      to.text(fact.userId);
      to.seats(fact.seats);
      to.areas(fact.areas);
      to.int(fact.deadlineMs - fact.atMs);
      if (version < heldWithPrices) return to.uint(fact.totalMinor);
      writePrices(to, fact.prices, fact.totalMinor);
      return version === heldForNeed ? to.uint(fact.wheelchairs ?? 0) : undefined;
    case 'HoldExtended':
      to.text(fact.holdId);
      return to.int(fact.deadlineMs - fact.atMs);
    case 'HoldReleased':
      to.text(fact.holdId);
      to.seats(fact.seats);
      to.areas(fact.areas);
      return to.uint(fact.totalMinor);
    case 'HoldExpired':
      return to.text(fact.holdId);
    case 'PaymentBegun':
    case 'PaymentFailed':
      to.text(fact.holdId);
      to.text(fact.attemptId);
      return to.int(fact.deadlineMs - fact.atMs);
    case 'SeatsBooked':
      return writeBooked(to, fact);
    case 'SeatsBookedLate':
      writeBooked(to, fact);
      return to.seats(fact.insteadOf);
    case 'BookingCancelled':
      return writeCancelled(to, fact, version);
    case 'SeatsBlocked':
      to.seats(fact.seats);
      to.areas(fact.areas);
      return to.text(fact.reason);
    case 'SeatsUnblocked':
      to.seats(fact.seats);
      return to.areas(fact.areas);
    case 'RulesChanged':
      to.uint(fact.revision);
      writeRules(to, fact.before);
      writeRules(to, fact.after);
      return writeTexts(to, fact.texts);
    case 'CommandRefused':
      assert(
        version >= refusedWithRules || isOldRefusal(fact.refusal),
        'a refusal is written at a level that knows its code',
      );
      return writeRefusal(to, fact.refusal);
  }
}

function writeBooked(to: ByteWriter, fact: SeatsBooked | SeatsBookedLate): void {
  to.text(fact.holdId);
  to.text(fact.bookingId);
  to.text(fact.attemptId);
  to.text(fact.userId);
  to.seats(fact.seats);
  to.areas(fact.areas);
  to.uint(fact.totalMinor);
}

function writeCancelled(to: ByteWriter, fact: BookingCancelled, version: number): void {
  to.text(fact.bookingId);
  to.seats(fact.seats);
  to.areas(fact.areas);
  assert(
    version >= cancelledOffSale || fact.offSale === undefined,
    'what becomes of cancelled places is written at a level that knows it',
  );
  if (version >= cancelledOffSale) to.byte(fact.offSale === undefined ? 0 : 1);
}

/** Versions of these two kinds that came with level 3. */
const heldWithPrices = 3;
const refusedWithRules = 3;
/** Came with level 4. */
const cancelledOffSale = 3;

/** What every fact says, with or without a cause. */
export interface FactHead {
  readonly type: FactType;
  readonly atMs: number;
  readonly by: By;
  readonly cause: Cause | undefined;
}

/**
 * Reads a version's own fields behind the head into one object with all of them. Each kind is one
 * literal that names every field: with two objects joined, reading took a third longer.
 */
type FieldsReader = (from: ByteReader, head: FactHead) => Payload;

const nothing: FieldsReader = (_from, { type, atMs, by, cause }) => ({ type, atMs, by, cause });

const places: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  seats: from.seats(),
  areas: from.areas(),
});

const payment: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  holdId: from.text(),
  attemptId: from.text(),
  deadlineMs: from.timeAfter(atMs),
});

const held: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  holdId: from.text(),
  userId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
  deadlineMs: from.timeAfter(atMs),
  totalMinor: from.uint(),
});

const heldAtPrices: FieldsReader = (from, { type, atMs, by, cause }) => {
  const holdId = from.text();
  const userId = from.text();
  const seats = from.seats();
  const areas = from.areas();
  const deadlineMs = from.timeAfter(atMs);
  const { totalMinor, prices } = readPrices(from, placesIn(seats, areas));
  return { type, atMs, by, cause, holdId, userId, seats, areas, deadlineMs, totalMinor, prices };
};

const heldWithNeed: FieldsReader = (from, head) => {
  const wanted = heldAtPrices(from, head);
  const wheelchairs = from.uint();
  return wheelchairs === 0 ? from.fail('a need of nobody') : { ...wanted, wheelchairs };
};

const extended: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  holdId: from.text(),
  deadlineMs: from.timeAfter(atMs),
});

const released: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  holdId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
  totalMinor: from.uint(),
});

const expired: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  holdId: from.text(),
});

const booked: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  holdId: from.text(),
  bookingId: from.text(),
  attemptId: from.text(),
  userId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
  totalMinor: from.uint(),
});

const cancelled: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  bookingId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
});

const cancelledInto: FieldsReader = (from, head) => {
  const places = cancelled(from, head);
  return from.below(2) === 0 ? places : { ...places, offSale: true };
};

const bookedLate: FieldsReader = (from, head) => ({
  ...booked(from, head),
  insteadOf: from.seats(),
});

const blocked: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  seats: from.seats(),
  areas: from.areas(),
  reason: from.text(),
});

const rulesChanged: FieldsReader = (from, head) => ({
  ...head,
  revision: from.uint(),
  before: readRules(from),
  after: readRules(from),
  texts: readTexts(from),
});

const refused: FieldsReader = (from, { type, atMs, by, cause }) => ({
  type,
  atMs,
  by,
  cause,
  refusal: readRefusal(from),
});

/** No level wrote a code of later into one of these versions, so nobody's bytes have it. */
const refusedOld: FieldsReader = (from, head) => {
  const refusal = readRefusal(from);
  return isOldRefusal(refusal) ? { ...head, refusal } : from.fail('a refusal of later');
};

/** By type, then by version from 1: how each version's own fields are read, behind its head. */
export const payloadReaders: Readonly<Record<FactType, readonly FieldsReader[]>> = {
  SaleOpened: [nothing, nothing],
  SaleClosed: [nothing, nothing],
  SeatsHeld: [held, held, heldAtPrices, heldWithNeed],
  HoldExtended: [extended, extended],
  HoldReleased: [released, released],
  HoldExpired: [expired, expired],
  PaymentBegun: [payment, payment],
  PaymentFailed: [payment, payment],
  SeatsBooked: [booked, booked],
  SeatsBookedLate: [bookedLate],
  BookingCancelled: [cancelled, cancelled, cancelledInto],
  SeatsBlocked: [places, blocked, blocked],
  SeatsUnblocked: [places, places],
  CommandRefused: [refusedOld, refusedOld, refused],
  RulesChanged: [rulesChanged],
  EventCancelled: [nothing],
};
