import { refusalNumbers } from '#libs/inventory/codec/refusal-codec.js';
import {
  decodeQuote,
  decodeRules,
  encodeQuote,
  encodeRules,
} from '#libs/inventory/codec/rules-change-codec.js';
import type { Outcome } from '#libs/inventory/rules/decision.js';
import type {
  AreaIndex,
  AttemptId,
  BookingId,
  HoldId,
  MinorUnits,
  TimeMs,
} from '#libs/inventory/ids.js';
import type { Refusal, RefusalCode } from '#libs/inventory/refusal-codes.js';
import { MalformedFrame, type FrameReader } from './frame-reader.js';
import type { FrameWriter } from './frame-writer.js';
import { readAreas, readCoreBytes, readSeats, writeAreas, writeSome } from './wire-commands.js';
import { readView, writeView } from './wire-views.js';
import type { Reply } from './wire.js';

/** One reply on the wire: a tag, then its fields. A tag is never given a second meaning. */
const tags = {
  accepted: 1,
  refused: 2,
  found: 3,
  moved: 4,
  unknownEvent: 5,
  overloaded: 6,
  unavailable: 7,
  tooLate: 8,
} as const;

const outcomes = { done: 1, hold: 2, booking: 3, cancelled: 4, rules_changed: 5 } as const;

/** From 0 in the order in which they came; facts count them from 1. */
const numberOf = (code: RefusalCode): number => refusalNumbers[code] - 1;
const codeOfNumber = new Map(
  (Object.keys(refusalNumbers) as RefusalCode[]).map((code) => [numberOf(code), code]),
);

/**
 * A buyer of any gateway meets these, also of the release before, which knows no number beyond
 * those of its own: it reads another one, and the word in the place of a field tells the others.
 */
const spellings: Readonly<Partial<Record<RefusalCode, RefusalCode>>> = {
  sale_ended: 'sale_closed',
  accessible_seats_protected: 'seats_unavailable',
  accessible_limit: 'buyer_limit',
};

export function writeReply(out: FrameWriter, reply: Reply): void {
  switch (reply.kind) {
    case 'answered':
      if (reply.answer.kind === 'accepted') {
        out.byte(tags.accepted);
        out.flag(reply.replayed);
        writeOutcome(out, reply.answer.outcome);
      } else {
        out.byte(tags.refused);
        out.flag(reply.replayed);
        writeRefusal(out, reply.answer.refusal);
      }
      return;
    case 'found':
      out.byte(tags.found);
      writeView(out, reply.view);
      return;
    case 'moved':
      out.byte(tags.moved);
      out.count(reply.epoch);
      writeSome(out, reply.owner ?? undefined, (owner) => out.text(owner));
      return;
    case 'unknown_event':
      out.byte(tags.unknownEvent);
      return;
    case 'overloaded':
      out.byte(tags.overloaded);
      out.count(reply.retryAfterMs);
      return;
    case 'unavailable':
      out.byte(tags.unavailable);
      out.count(reply.retryAfterMs);
      out.flag(reply.executed === 'unknown');
      return;
    case 'too_late':
      out.byte(tags.tooLate);
  }
}

export function readReply(input: FrameReader): Reply {
  const tag = input.byte();
  switch (tag) {
    case tags.accepted: {
      const replayed = input.flag();
      return {
        kind: 'answered',
        answer: { kind: 'accepted', outcome: readOutcome(input) },
        replayed,
      };
    }
    case tags.refused: {
      const replayed = input.flag();
      return {
        kind: 'answered',
        answer: { kind: 'refused', refusal: readRefusal(input) },
        replayed,
      };
    }
    case tags.found:
      return { kind: 'found', view: readView(input) };
    case tags.moved: {
      const epoch = input.count();
      return { kind: 'moved', owner: input.flag() ? input.text() : null, epoch };
    }
    case tags.unknownEvent:
      return { kind: 'unknown_event' };
    case tags.overloaded:
      return { kind: 'overloaded', retryAfterMs: input.count() };
    case tags.unavailable: {
      const retryAfterMs = input.count();
      return { kind: 'unavailable', retryAfterMs, executed: input.flag() ? 'unknown' : 'no' };
    }
    case tags.tooLate:
      return { kind: 'too_late' };
    default:
      throw new MalformedFrame(`unknown reply tag ${tag}`);
  }
}

function writeOutcome(out: FrameWriter, outcome: Outcome): void {
  out.byte(outcomes[outcome.type]);
  switch (outcome.type) {
    case 'done':
      return;
    case 'hold':
      out.text(outcome.holdId);
      out.counts(outcome.seats);
      writeAreas(out, outcome.areas);
      out.count(outcome.totalMinor);
      out.time(outcome.deadlineMs);
      out.flag(outcome.attemptId !== undefined);
      if (outcome.attemptId !== undefined) out.text(outcome.attemptId);
      return;
    case 'booking':
      out.text(outcome.bookingId);
      out.text(outcome.holdId);
      out.counts(outcome.seats);
      writeAreas(out, outcome.areas);
      out.count(outcome.totalMinor);
      return;
    case 'cancelled':
      out.text(outcome.bookingId);
      out.counts(outcome.seats);
      return;
    case 'rules_changed':
      out.count(outcome.revision);
      out.blob(encodeRules(outcome.before));
      out.blob(encodeRules(outcome.after));
  }
}

function readOutcome(input: FrameReader): Outcome {
  const tag = input.byte();
  switch (tag) {
    case outcomes.done:
      return { type: 'done' };
    case outcomes.hold:
      return readHoldOutcome(input);
    case outcomes.booking:
      return {
        type: 'booking',
        bookingId: input.text() as BookingId,
        holdId: input.text() as HoldId,
        seats: readSeats(input),
        areas: readAreas(input),
        totalMinor: input.count() as MinorUnits,
      };
    case outcomes.cancelled:
      return { type: 'cancelled', bookingId: input.text() as BookingId, seats: readSeats(input) };
    case outcomes.rules_changed:
      return {
        type: 'rules_changed',
        revision: input.count(),
        before: readCoreBytes(input, decodeRules),
        after: readCoreBytes(input, decodeRules),
      };
    default:
      throw new MalformedFrame(`unknown outcome tag ${tag}`);
  }
}

function readHoldOutcome(input: FrameReader): Outcome {
  const holdId = input.text() as HoldId;
  const seats = readSeats(input);
  const areas = readAreas(input);
  const totalMinor = input.count() as MinorUnits;
  const deadlineMs = input.time() as TimeMs;
  return input.flag()
    ? {
        type: 'hold',
        holdId,
        seats,
        areas,
        totalMinor,
        deadlineMs,
        attemptId: input.text() as AttemptId,
      }
    : { type: 'hold', holdId, seats, areas, totalMinor, deadlineMs };
}

function writeRefusal(out: FrameWriter, refusal: Refusal): void {
  const spelt = spellings[refusal.code];
  out.byte(numberOf(spelt ?? refusal.code));
  writeSome(out, refusal.seats, (seats) => out.counts(seats));
  writeSome(out, refusal.areas, (areas) => out.counts(areas));
  writeSome(out, refusal.alternative, (seats) => out.counts(seats));
  writeSome(out, refusal.limit, (limit) => out.real(limit));
  writeSome(out, refusal.left, (left) => out.real(left));
  writeSome(out, spelt === undefined ? refusal.field : refusal.code, (field) => out.text(field));
  if (refusal.code !== 'price_changed') return;
  writeSome(out, refusal.quote, (quote) => out.blob(encodeQuote(quote)));
}

function readRefusal(input: FrameReader): Refusal {
  const code = codeOfNumber.get(input.byte());
  if (code === undefined) throw new MalformedFrame('unknown refusal');
  const refusal: Refusal = {
    code,
    ...(input.flag() ? { seats: readSeats(input) } : {}),
    ...(input.flag() ? { areas: input.counts() as AreaIndex[] } : {}),
    ...(input.flag() ? { alternative: readSeats(input) } : {}),
    ...(input.flag() ? { limit: input.real() } : {}),
    ...(input.flag() ? { left: input.real() } : {}),
    ...(input.flag() ? { field: input.text() } : {}),
  };
  if (refusal.field !== undefined && spellings[refusal.field as RefusalCode] === code) {
    const meant: { code: RefusalCode; field?: string } = { ...refusal };
    meant.code = refusal.field as RefusalCode;
    delete meant.field;
    return meant;
  }
  if (code !== 'price_changed' || !input.flag()) return refusal;
  return { ...refusal, quote: readCoreBytes(input, decodeQuote) };
}
