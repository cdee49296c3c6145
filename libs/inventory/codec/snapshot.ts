import { ByteReader, CorruptBytes } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { AreaIndex, SeatIndex, TimeMs, Version } from '../ids.js';
import type { InventoryLayout, SaleRules } from '../layout.js';
import { PlacesReader, PlacesWriter } from './snapshot-holds.js';
import { readWindow, writeWindow } from './snapshot-window.js';
import { createState, SeatStatus } from '../state/state.js';
import type { InventoryState, SaleStatus, StateBounds } from '../state/state.js';

/** The snapshot was taken of another seating plan. */
export class LayoutMismatch extends Error {
  override readonly name = 'LayoutMismatch';
}

/** 1 had every id and every answer as text. It is not read: who finds one replays. */
const format = 2;
const saleStatuses: readonly SaleStatus[] = ['scheduled', 'open', 'closed'];

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
  const places = new PlacesWriter(to, state);
  places.holds();
  places.bookings();
  places.endedHolds();
  writeWindow(to, state, places.ordinalOf);
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
  const written = from.byte();
  if (written !== format) throw new CorruptBytes(`snapshot format ${written} is unknown here`);
  if (from.text() !== layout.hash) throw new LayoutMismatch('snapshot of another seating plan');
  const state = createState(layout, rules, bounds);
  const places = new PlacesReader(from, state);
  state.version = from.uint() as Version;
  state.lastTimeMs = from.uint() as TimeMs;
  state.saleStatus = saleStatuses[from.below(saleStatuses.length)];
  places.takeSeats(from.seats(), SeatStatus.blocked);
  if (from.size(1) !== layout.areas.length) from.fail('areas of another plan');
  for (let area = 0; area < layout.areas.length; area++) {
    const quantity = from.uint();
    places.takeAreas([{ area: area as AreaIndex, quantity }], state.areaBlocked);
  }
  places.holds();
  places.bookings();
  places.endedHolds();
  readWindow(from, state, places.holdSlots);
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
