import { assert } from '../assert.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { BookingCancelled, Fact, FactType, SeatsBooked, SeatsBookedLate } from '../facts.js';
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

type PayloadReader = (from: ByteReader, atMs: number) => Payload;

const nothing: PayloadReader = () => ({});

const places: PayloadReader = (from) => ({ seats: from.seats(), areas: from.areas() });

const payment: PayloadReader = (from, atMs) => ({
  holdId: from.text(),
  attemptId: from.text(),
  deadlineMs: from.timeAfter(atMs),
});

const held: PayloadReader = (from, atMs) => ({
  holdId: from.text(),
  userId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
  deadlineMs: from.timeAfter(atMs),
  totalMinor: from.uint(),
});

const heldAtPrices: PayloadReader = (from, atMs) => {
  const [holdId, userId, seats, areas] = [from.text(), from.text(), from.seats(), from.areas()];
  const deadlineMs = from.timeAfter(atMs);
  const { totalMinor, prices } = readPrices(from, placesIn(seats, areas));
  return { holdId, userId, seats, areas, deadlineMs, totalMinor, prices };
};

const heldWithNeed: PayloadReader = (from, atMs) => {
  const wanted = heldAtPrices(from, atMs);
  const wheelchairs = from.uint();
  return wheelchairs === 0 ? from.fail('a need of nobody') : { ...wanted, wheelchairs };
};

const extended: PayloadReader = (from, atMs) => ({
  holdId: from.text(),
  deadlineMs: from.timeAfter(atMs),
});

const released: PayloadReader = (from) => ({
  holdId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
  totalMinor: from.uint(),
});

const expired: PayloadReader = (from) => ({ holdId: from.text() });

const booked: PayloadReader = (from) => ({
  holdId: from.text(),
  bookingId: from.text(),
  attemptId: from.text(),
  userId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
  totalMinor: from.uint(),
});

const cancelled: PayloadReader = (from) => ({
  bookingId: from.text(),
  seats: from.seats(),
  areas: from.areas(),
});

const cancelledInto: PayloadReader = (from, atMs) => {
  const places = cancelled(from, atMs);
  return from.below(2) === 0 ? places : { ...places, offSale: true };
};

const bookedLate: PayloadReader = (from, atMs) => ({
  ...booked(from, atMs),
  insteadOf: from.seats(),
});

const blocked: PayloadReader = (from) => ({
  seats: from.seats(),
  areas: from.areas(),
  reason: from.text(),
});

const rulesChanged: PayloadReader = (from) => ({
  revision: from.uint(),
  before: readRules(from),
  after: readRules(from),
  texts: readTexts(from),
});

const refused: PayloadReader = (from) => ({ refusal: readRefusal(from) });

/** No level wrote a code of later into one of these versions, so nobody's bytes have it. */
const refusedOld: PayloadReader = (from) => {
  const refusal = readRefusal(from);
  return isOldRefusal(refusal) ? { refusal } : from.fail('a refusal of later');
};

/**
 * By type, then by version from 1: how each version's own fields are read. Who caused the fact was
 * read before them.
 */
export const payloadReaders: Readonly<Record<FactType, readonly PayloadReader[]>> = {
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
