import { readAnswer, writeAnswer } from './answer-codec.js';
import { ByteReader, CorruptBytes } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { AreaQuantity } from './commands.js';
import type {
  AreaIndex,
  AttemptId,
  BookingId,
  CommandId,
  HoldId,
  MinorUnits,
  SeatIndex,
  TimeMs,
  UserId,
  Version,
} from './ids.js';
import type { InventoryLayout, SaleRules } from './layout.js';
import { areaFree, createState, placesIn, SeatStatus } from './state.js';
import type { HoldEnd, InventoryState, SaleStatus, StateBounds } from './state.js';

/** The snapshot was taken of another seating plan. */
export class LayoutMismatch extends Error {
  override readonly name = 'LayoutMismatch';
}

const format = 1;
const saleStatuses: readonly SaleStatus[] = ['scheduled', 'open', 'closed'];
const holdEnds: readonly HoldEnd[] = ['released', 'expired', 'booked'];

/**
 * A state in canonical bytes: equal states give equal bytes, whatever way they came about. Holds
 * and bookings go in order of making, remembered ids oldest first; what can be derived is left out.
 * The sale rules are not part of it: they come from the catalogue at each activation.
 */
export function encodeState(state: InventoryState): Uint8Array {
  const to = new ByteWriter();
  to.byte(format);
  to.text(state.layout.hash);
  to.uint(state.version);
  to.uint(state.lastTimeMs);
  to.byte(saleStatuses.indexOf(state.saleStatus));
  to.seats(blockedSeats(state));
  to.uint(state.areaBlocked.length);
  for (const blocked of state.areaBlocked) to.uint(blocked);
  writeHolds(to, state);
  writeBookings(to, state);
  to.uint(state.endedHolds.size);
  state.endedHolds.forEach((holdId, { userId, end }) => {
    to.text(holdId);
    to.text(userId);
    to.byte(holdEnds.indexOf(end));
  });
  to.uint(state.window.size);
  state.window.forEach((commandId, fingerprint, answer) => {
    to.text(commandId);
    to.int32(fingerprint);
    writeAnswer(to, answer);
  });
  return to.take();
}

/** Throws CorruptBytes or LayoutMismatch; a loader then takes an older snapshot or replays. */
export function decodeState(
  layout: InventoryLayout,
  rules: SaleRules,
  bytes: Uint8Array,
  bounds: StateBounds = {},
): InventoryState {
  const from = new ByteReader(bytes);
  if (from.byte() !== format) throw new CorruptBytes('unknown snapshot format');
  if (from.text() !== layout.hash) throw new LayoutMismatch('snapshot of another seating plan');
  const state = createState(layout, rules, bounds);
  state.version = from.uint() as Version;
  state.lastTimeMs = from.uint() as TimeMs;
  state.saleStatus = saleStatuses[from.below(saleStatuses.length)];
  takeSeats(from, state, from.seats(), SeatStatus.blocked);
  if (from.size(1) !== layout.areas.length) from.fail('areas of another plan');
  for (let area = 0; area < layout.areas.length; area++) {
    const quantity = from.uint();
    takeAreas(from, state, [{ area: area as AreaIndex, quantity }], state.areaBlocked);
  }
  readHolds(from, state);
  readBookings(from, state);
  readEndedHolds(from, state);
  readWindow(from, state);
  if (!from.isAtEnd) from.fail('bytes after the end');
  return state;
}

function blockedSeats({ statusOfSeat }: InventoryState): readonly SeatIndex[] {
  const blocked: SeatIndex[] = [];
  for (let seat = 0; seat < statusOfSeat.length; seat++) {
    if (statusOfSeat[seat] === SeatStatus.blocked) blocked.push(seat as SeatIndex);
  }
  return blocked;
}

function writeHolds(to: ByteWriter, { holds }: InventoryState): void {
  to.uint(holds.size);
  for (const slot of holds.inOrder()) {
    const attempt = holds.attemptOf[slot];
    to.text(holds.idOf[slot]);
    to.text(holds.userOf[slot]);
    to.seats(holds.seatsOf[slot]);
    to.areas(holds.areasOf[slot]);
    to.uint(holds.deadlineMs(slot));
    to.uint(holds.madeAtMs(slot));
    to.uint(holds.totalMinor(slot));
    to.uint(holds.expiry.orderOf(slot));
    to.byte(attempt === null ? 0 : 1);
    if (attempt === null) continue;
    to.text(attempt.attemptId);
    to.uint(attempt.deadlineBeforeMs);
  }
}

function readHolds(from: ByteReader, state: InventoryState): void {
  let lastOrder = 0;
  for (let left = from.size(9); left > 0; left--) {
    const holdId = from.text() as HoldId;
    const userId = from.text() as UserId;
    const seats = from.seats();
    const areas = from.areas();
    const deadlineMs = from.uint() as TimeMs;
    const atMs = from.uint() as TimeMs;
    const totalMinor = from.uint() as MinorUnits;
    const order = from.uint();
    const paying = from.below(2) === 1;
    const attempt = paying
      ? { attemptId: from.text() as AttemptId, deadlineBeforeMs: from.uint() as TimeMs }
      : null;
    if (state.holds.find(holdId) !== 0) from.fail('hold twice');
    if (order <= lastOrder || order > state.version) from.fail('hold out of order');
    lastOrder = order;
    takeSeats(from, state, seats, SeatStatus.held);
    takeAreas(from, state, areas, state.areaHeld);
    const hold = { holdId, userId, seats, areas, deadlineMs, atMs, totalMinor };
    const slot = state.holds.add(hold, order, attempt);
    for (const seat of seats) state.holdOfSeat[seat] = slot;
    state.placesOfBuyer.add(userId, placesIn(seats, areas));
  }
}

function writeBookings(to: ByteWriter, { bookings }: InventoryState): void {
  to.uint(bookings.size);
  for (const booking of bookings.values()) {
    to.text(booking.bookingId);
    to.text(booking.holdId);
    to.text(booking.userId);
    to.seats(booking.seats);
    to.areas(booking.areas);
    to.uint(booking.totalMinor);
  }
}

function readBookings(from: ByteReader, state: InventoryState): void {
  for (let left = from.size(6); left > 0; left--) {
    const bookingId = from.text() as BookingId;
    const holdId = from.text() as HoldId;
    const userId = from.text() as UserId;
    const seats = from.seats();
    const areas = from.areas();
    const totalMinor = from.uint() as MinorUnits;
    if (state.bookings.has(bookingId)) from.fail('booking twice');
    takeSeats(from, state, seats, SeatStatus.booked);
    takeAreas(from, state, areas, state.areaBooked);
    state.bookings.set(bookingId, { bookingId, holdId, userId, seats, areas, totalMinor });
    state.placesOfBuyer.add(userId, placesIn(seats, areas));
  }
}

function readEndedHolds(from: ByteReader, state: InventoryState): void {
  const { endedHolds } = state;
  const size = from.size(3);
  if (size > endedHolds.limit) from.fail('too many ended holds');
  for (let left = size; left > 0; left--) {
    const holdId = from.text() as HoldId;
    const userId = from.text() as UserId;
    const end = holdEnds[from.below(holdEnds.length)];
    if (endedHolds.has(holdId)) from.fail('ended hold twice');
    endedHolds.insert(holdId, { userId, end });
  }
}

function readWindow(from: ByteReader, state: InventoryState): void {
  const { window } = state;
  const size = from.size(6);
  if (size > window.limit) from.fail('too many commands');
  for (let left = size; left > 0; left--) {
    const commandId = from.text() as CommandId;
    const fingerprint = from.int32();
    if (window.find(commandId) !== 0) from.fail('command twice');
    const answer = readAnswer(from);
    window.insert(
      commandId,
      fingerprint,
      answer.kind === 'accepted' ? answer.outcome : answer.refusal,
    );
  }
}

function takeSeats(
  from: ByteReader,
  state: InventoryState,
  seats: readonly SeatIndex[],
  status: SeatStatus,
): void {
  for (const seat of seats) {
    if (state.statusOfSeat[seat] !== SeatStatus.free) from.fail('seat unknown or taken twice');
    state.statusOfSeat[seat] = status;
    state.freeInRow[state.layout.rowOfSeat[seat]]--;
  }
  state.seatCounts[SeatStatus.free] -= seats.length;
  state.seatCounts[status] += seats.length;
}

function takeAreas(
  from: ByteReader,
  state: InventoryState,
  areas: readonly AreaQuantity[],
  counts: Uint32Array,
): void {
  for (const { area, quantity } of areas) {
    if (area >= counts.length || quantity > areaFree(state, area)) from.fail('area overfull');
    counts[area] += quantity;
  }
}
