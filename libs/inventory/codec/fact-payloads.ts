import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { Fact, FactType } from '../facts.js';
import { readRefusal, writeRefusal } from './refusal-codec.js';
import type { Payload } from './upcasters.js';

/** The fields of a fact in its current version. Deadlines go as distances from the fact's time. */
export function writePayload(to: ByteWriter, fact: Fact): void {
  switch (fact.type) {
    case 'SaleOpened':
    case 'SaleClosed':
      return;
    case 'SeatsHeld':
      to.text(fact.holdId);
      to.text(fact.userId);
      to.seats(fact.seats);
      to.areas(fact.areas);
      to.int(fact.deadlineMs - fact.atMs);
      return to.uint(fact.totalMinor);
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
      to.text(fact.holdId);
      to.text(fact.bookingId);
      to.text(fact.attemptId);
      to.text(fact.userId);
      to.seats(fact.seats);
      to.areas(fact.areas);
      return to.uint(fact.totalMinor);
    case 'BookingCancelled':
      to.text(fact.bookingId);
      to.seats(fact.seats);
      return to.areas(fact.areas);
    case 'SeatsBlocked':
      to.seats(fact.seats);
      to.areas(fact.areas);
      return to.text(fact.reason);
    case 'SeatsUnblocked':
      to.seats(fact.seats);
      return to.areas(fact.areas);
    case 'CommandRefused':
      return writeRefusal(to, fact.refusal);
  }
}

type PayloadReader = (from: ByteReader, atMs: number) => Payload;

const nothing: PayloadReader = () => ({});

const places: PayloadReader = (from) => ({ seats: from.seats(), areas: from.areas() });

const payment: PayloadReader = (from, atMs) => ({
  holdId: from.text(),
  attemptId: from.text(),
  deadlineMs: from.timeAfter(atMs),
});

/** By type, then by version from 1: how each version's own fields are read. */
export const payloadReaders: Readonly<Record<FactType, readonly PayloadReader[]>> = {
  SaleOpened: [nothing],
  SaleClosed: [nothing],
  SeatsHeld: [
    (from, atMs) => ({
      holdId: from.text(),
      userId: from.text(),
      seats: from.seats(),
      areas: from.areas(),
      deadlineMs: from.timeAfter(atMs),
      totalMinor: from.uint(),
    }),
  ],
  HoldExtended: [(from, atMs) => ({ holdId: from.text(), deadlineMs: from.timeAfter(atMs) })],
  HoldReleased: [
    (from) => ({
      holdId: from.text(),
      seats: from.seats(),
      areas: from.areas(),
      totalMinor: from.uint(),
    }),
  ],
  HoldExpired: [(from) => ({ holdId: from.text() })],
  PaymentBegun: [payment],
  PaymentFailed: [payment],
  SeatsBooked: [
    (from) => ({
      holdId: from.text(),
      bookingId: from.text(),
      attemptId: from.text(),
      userId: from.text(),
      seats: from.seats(),
      areas: from.areas(),
      totalMinor: from.uint(),
    }),
  ],
  BookingCancelled: [
    (from) => ({ bookingId: from.text(), seats: from.seats(), areas: from.areas() }),
  ],
  SeatsBlocked: [
    places,
    (from) => ({ seats: from.seats(), areas: from.areas(), reason: from.text() }),
  ],
  SeatsUnblocked: [places],
  CommandRefused: [(from) => ({ refusal: readRefusal(from) })],
};
