import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { AreaIndex, SeatIndex } from '../ids.js';
import { readPrices, writePrices } from './prices-codec.js';
import type { Quote, Refusal, RefusalCode } from '../refusal-codes.js';
import { placesIn } from '../state/seat-lists.js';

/** Stored numbers: never renumber, only append. The order of the checks is in refusal-codes.ts. */
export const refusalNumbers: Readonly<Record<RefusalCode, number>> = {
  invalid_command: 1,
  too_many_places: 2,
  duplicate_seat: 3,
  command_id_reused: 4,
  sale_not_open: 5,
  sale_closed: 6,
  unknown_seat: 7,
  unknown_area: 8,
  hold_not_found: 9,
  hold_expired: 10,
  booking_not_found: 11,
  hold_id_taken: 12,
  not_in_hold: 13,
  not_in_booking: 14,
  payment_in_progress: 15,
  no_payment_in_progress: 16,
  payment_attempt_mismatch: 17,
  seats_unavailable: 18,
  area_full: 19,
  no_block_available: 20,
  seats_not_blocked: 21,
  stranded_single: 22,
  buyer_limit: 23,
  extension_limit: 24,
  sale_ended: 25,
  price_changed: 26,
  not_finalized: 27,
  accessible_seats_protected: 28,
  accessible_limit: 29,
  address_limit: 30,
  event_cancelled: 31,
  superseded: 32,
};

const codeOfNumber = new Map(
  Object.entries(refusalNumbers).map(([code, number]) => [number, code as RefusalCode]),
);

const hasSeats = 1;
const hasAreas = 2;
const hasAlternative = 4;
const hasLimit = 8;
const hasLeft = 16;
const hasField = 32;
const hasQuote = 64;
const allBits = 127;

/** Of the release before level 3: the last number that it reads. */
const oldNumberMax = 24;

/** True when facts of every level can say it. */
export function isOldRefusal({ code }: Refusal): boolean {
  return refusalNumbers[code] <= oldNumberMax;
}

/** Lists go as they stand: a refusal repeats the caller's order, and its answer word for word. */
export function writeRefusal(to: ByteWriter, refusal: Refusal): void {
  const { code, seats, areas, alternative, limit, left, field, quote } = refusal;
  to.byte(refusalNumbers[code]);
  to.byte(
    (seats === undefined ? 0 : hasSeats) |
      (areas === undefined ? 0 : hasAreas) |
      (alternative === undefined ? 0 : hasAlternative) |
      (limit === undefined ? 0 : hasLimit) |
      (left === undefined ? 0 : hasLeft) |
      (field === undefined ? 0 : hasField) |
      (quote === undefined ? 0 : hasQuote),
  );
  if (seats !== undefined) writeIndexes(to, seats);
  if (areas !== undefined) writeIndexes(to, areas);
  if (alternative !== undefined) writeIndexes(to, alternative);
  if (limit !== undefined) to.uint(limit);
  if (left !== undefined) to.uint(left);
  if (field !== undefined) to.text(field);
  if (quote !== undefined) writeQuote(to, quote);
}

export function readRefusal(from: ByteReader): Refusal {
  const code = codeOfNumber.get(from.byte());
  if (code === undefined) return from.fail('not a refusal');
  const bits = from.byte();
  if (bits > allBits) from.fail('not a refusal');
  return {
    code,
    ...((bits & hasSeats) === 0 ? {} : { seats: readIndexes<SeatIndex>(from) }),
    ...((bits & hasAreas) === 0 ? {} : { areas: readIndexes<AreaIndex>(from) }),
    ...((bits & hasAlternative) === 0 ? {} : { alternative: readIndexes<SeatIndex>(from) }),
    ...((bits & hasLimit) === 0 ? {} : { limit: from.uint() }),
    ...((bits & hasLeft) === 0 ? {} : { left: from.uint() }),
    ...((bits & hasField) === 0 ? {} : { field: from.text() }),
    ...((bits & hasQuote) === 0 ? {} : { quote: readQuote(from) }),
  };
}

export function writeQuote(to: ByteWriter, { seats, areas, prices, totalMinor }: Quote): void {
  to.seats(seats);
  to.areas(areas);
  writePrices(to, prices, totalMinor);
}

export function readQuote(from: ByteReader): Quote {
  const [seats, areas] = [from.seats(), from.areas()];
  const { prices, totalMinor } = readPrices(from, placesIn(seats, areas));
  return prices === null ? from.fail('not a quote') : { seats, areas, prices, totalMinor };
}

function writeIndexes(to: ByteWriter, indexes: readonly number[]): void {
  to.uint(indexes.length);
  for (const index of indexes) to.uint(index);
}

function readIndexes<Index extends number>(from: ByteReader): Index[] {
  const size = from.size(1);
  return Array.from({ length: size }, () => from.below(2 ** 32) as Index);
}
