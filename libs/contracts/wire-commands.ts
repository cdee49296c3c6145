import { CorruptBytes } from '#libs/inventory/codec/byte-reader.js';
import { decodeRulesChange, encodeRulesChange } from '#libs/inventory/codec/rules-change-codec.js';
import type {
  AreaQuantity,
  BestAvailable,
  BookLate,
  CancelBooking,
  Command,
} from '#libs/inventory/commands.js';
import type {
  AreaIndex,
  AttemptId,
  BookingId,
  HoldId,
  MinorUnits,
  SeatIndex,
} from '#libs/inventory/ids.js';
import { MalformedFrame, type FrameReader } from './frame-reader.js';
import type { FrameWriter } from './frame-writer.js';
import { limits } from './limits.js';
import type { Query } from './wire.js';

/**
 * One command or query on the wire: a tag, then its fields in the order of its type. Optional
 * fields are announced by a byte of bits. A tag is never given a second meaning. What a hold is
 * expected to cost, who needs a wheelchair space on named seats, and which flags a block's seats
 * have are notes of its item
 * (wire-item-notes.ts): a shard of before skips them.
 */
const tags = {
  OpenSale: 1,
  CloseSale: 2,
  HoldSeats: 3,
  ExtendHold: 4,
  ReleaseHold: 5,
  BeginPayment: 6,
  FailPayment: 7,
  BookHold: 8,
  CancelBooking: 9,
  BlockSeats: 10,
  UnblockSeats: 11,
  Tick: 12,
  ChangeRules: 13,
  BookLate: 14,
  CancelEvent: 15,
  GetHold: 32,
  GetSeatMap: 33,
  DescribeEvent: 34,
} as const satisfies Record<(Command | Query)['type'], number>;

/** CancelBooking that says of areas, or what becomes of the places. */
const cancelPlacesTag = 16;

export function writeRequest(out: FrameWriter, request: Command | Query): void {
  out.byte(tagOf(request));
  switch (request.type) {
    case 'HoldSeats':
      out.text(request.holdId);
      out.counts(request.seats);
      writeAreas(out, request.areas);
      writeBest(out, request.best);
      return;
    case 'ExtendHold':
      out.text(request.holdId);
      out.flag(request.byMs !== undefined);
      if (request.byMs !== undefined) out.count(request.byMs);
      return;
    case 'ReleaseHold':
      out.text(request.holdId);
      writeSome(out, request.seats, (seats) => out.counts(seats));
      writeSome(out, request.areas, (areas) => writeAreas(out, areas));
      return;
    case 'BeginPayment':
    case 'FailPayment':
      out.text(request.holdId);
      out.text(request.attemptId);
      return;
    case 'BookHold':
      out.text(request.holdId);
      out.text(request.bookingId);
      out.text(request.attemptId);
      return;
    case 'BookLate':
      return writeLate(out, request);
    case 'CancelBooking':
      out.text(request.bookingId);
      writeSome(out, request.seats, (seats) => out.counts(seats));
      if (!saysPlaces(request)) return;
      writeSome(out, request.areas, (areas) => writeAreas(out, areas));
      out.flag(request.offSale !== undefined);
      return;
    case 'BlockSeats':
      out.counts(request.seats);
      writeAreas(out, request.areas);
      out.text(request.reason, limits.blockReasonBytesMax);
      return;
    case 'UnblockSeats':
      out.counts(request.seats);
      writeAreas(out, request.areas);
      return;
    case 'ChangeRules':
      out.blob(encodeRulesChange(request));
      return;
    case 'GetHold':
      out.text(request.holdId);
      return;
    case 'OpenSale':
    case 'CloseSale':
    case 'CancelEvent':
    case 'Tick':
    case 'GetSeatMap':
    case 'DescribeEvent':
  }
}

export function readRequest(input: FrameReader): Command | Query {
  const tag = input.byte();
  switch (tag) {
    case tags.OpenSale:
      return { type: 'OpenSale' };
    case tags.CloseSale:
      return { type: 'CloseSale' };
    case tags.HoldSeats:
      return {
        type: 'HoldSeats',
        holdId: input.text() as HoldId,
        seats: readSeats(input),
        areas: readAreas(input),
        best: readBest(input),
      };
    case tags.ExtendHold: {
      const holdId = input.text() as HoldId;
      return { type: 'ExtendHold', holdId, ...(input.flag() ? { byMs: input.count() } : {}) };
    }
    case tags.ReleaseHold: {
      const holdId = input.text() as HoldId;
      const seats = input.flag() ? { seats: readSeats(input) } : {};
      const areas = input.flag() ? { areas: readAreas(input) } : {};
      return { type: 'ReleaseHold', holdId, ...seats, ...areas };
    }
    case tags.Tick:
      return { type: 'Tick' };
    case tags.GetHold:
      return { type: 'GetHold', holdId: input.text() as HoldId };
    case tags.GetSeatMap:
      return { type: 'GetSeatMap' };
    case tags.DescribeEvent:
      return { type: 'DescribeEvent' };
    default:
      return readRareRequest(input, tag);
  }
}

const saysPlaces = ({ areas, offSale }: CancelBooking): boolean =>
  areas !== undefined || offSale !== undefined;

const tagOf = (request: Command | Query): number =>
  request.type === 'CancelBooking' && saysPlaces(request) ? cancelPlacesTag : tags[request.type];

function writeLate(out: FrameWriter, request: BookLate): void {
  out.text(request.holdId);
  out.text(request.bookingId);
  out.text(request.attemptId);
  out.counts(request.seats);
  writeAreas(out, request.areas);
  out.count(request.totalMinor);
  out.flag(request.alternative);
  out.count(request.newer.length);
  for (const bookingId of request.newer) out.text(bookingId);
}

function readLate(input: FrameReader): BookLate {
  return {
    type: 'BookLate',
    holdId: input.text() as HoldId,
    bookingId: input.text() as BookingId,
    attemptId: input.text() as AttemptId,
    seats: readSeats(input),
    areas: readAreas(input),
    totalMinor: input.count() as MinorUnits,
    alternative: input.flag(),
    newer: Array.from({ length: input.size(1) }, () => input.text() as BookingId),
  };
}

function readCancelled(input: FrameReader, saysMore: boolean): CancelBooking {
  const bookingId = input.text() as BookingId;
  const seats = input.flag() ? { seats: readSeats(input) } : {};
  if (!saysMore) return { type: 'CancelBooking', bookingId, ...seats };
  const areas = input.flag() ? { areas: readAreas(input) } : {};
  const offSale = input.flag() ? ({ offSale: true } as const) : {};
  return { type: 'CancelBooking', bookingId, ...seats, ...areas, ...offSale };
}

function readRareRequest(input: FrameReader, tag: number): Command {
  switch (tag) {
    case tags.BookLate:
      return readLate(input);
    case tags.CancelEvent:
      return { type: 'CancelEvent' };
    case tags.BeginPayment:
    case tags.FailPayment:
      return {
        type: tag === tags.BeginPayment ? 'BeginPayment' : 'FailPayment',
        holdId: input.text() as HoldId,
        attemptId: input.text() as AttemptId,
      };
    case tags.BookHold:
      return {
        type: 'BookHold',
        holdId: input.text() as HoldId,
        bookingId: input.text() as BookingId,
        attemptId: input.text() as AttemptId,
      };
    case tags.CancelBooking:
    case cancelPlacesTag:
      return readCancelled(input, tag === cancelPlacesTag);
    case tags.BlockSeats:
      return {
        type: 'BlockSeats',
        seats: readSeats(input),
        areas: readAreas(input),
        reason: input.text(limits.blockReasonBytesMax),
      };
    case tags.UnblockSeats:
      return { type: 'UnblockSeats', seats: readSeats(input), areas: readAreas(input) };
    case tags.ChangeRules:
      return readCoreBytes(input, decodeRulesChange);
    default:
      throw new MalformedFrame(`unknown request tag ${tag}`);
  }
}

/** What the core spells, whole: see rules-change-codec.ts. */
export function readCoreBytes<Value>(
  input: FrameReader,
  decode: (bytes: Uint8Array) => Value,
): Value {
  try {
    return decode(input.blob());
  } catch (error) {
    if (error instanceof CorruptBytes) throw new MalformedFrame(error.message);
    throw error;
  }
}

export const readSeats = (input: FrameReader): SeatIndex[] => input.counts() as SeatIndex[];

export function writeAreas(out: FrameWriter, areas: readonly AreaQuantity[]): void {
  out.count(areas.length);
  for (const { area, quantity } of areas) {
    out.count(area);
    out.count(quantity);
  }
}

export function readAreas(input: FrameReader): AreaQuantity[] {
  const size = input.size(2);
  const areas = new Array<AreaQuantity>(size);
  for (let i = 0; i < size; i++) {
    areas[i] = { area: input.count() as AreaIndex, quantity: input.count() };
  }
  return areas;
}

/** A byte that says whether the value is there, and the value. */
export function writeSome<Value>(
  out: FrameWriter,
  value: Value | undefined,
  write: (value: Value) => void,
): void {
  out.flag(value !== undefined);
  if (value !== undefined) write(value);
}

function writeBest(out: FrameWriter, best: readonly BestAvailable[]): void {
  out.count(best.length);
  for (const wish of best) {
    out.count(wish.quantity);
    writeSome(out, wish.category, (value) => out.count(value));
    writeSome(out, wish.section, (value) => out.count(value));
    writeSome(out, wish.wheelchairs, (value) => out.count(value));
    writeSome(out, wish.priceMax, (value) => out.count(value));
    writeSome(out, wish.maySplit, (value) => out.flag(value));
  }
}

function readBest(input: FrameReader): BestAvailable[] {
  const best = new Array<BestAvailable>(input.size(6));
  for (let i = 0; i < best.length; i++) {
    best[i] = {
      quantity: input.count(),
      ...(input.flag() ? { category: input.count() } : {}),
      ...(input.flag() ? { section: input.count() } : {}),
      ...(input.flag() ? { wheelchairs: input.count() } : {}),
      ...(input.flag() ? { priceMax: input.count() as MinorUnits } : {}),
      ...(input.flag() ? { maySplit: input.flag() } : {}),
    };
  }
  return best;
}
