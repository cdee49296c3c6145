import { ByteReader, CorruptBytes } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { AreaIndex, SeatIndex, TimeMs, Version } from '../ids.js';
import type { InventoryLayout, SaleRules } from '../layout.js';
import { PlaceColumnsReader } from './place-columns-reader.js';
import { PlaceColumnsWriter } from './place-columns-writer.js';
import { PlacesReader } from './places-reader.js';
import { PlacesWriter } from './places-writer.js';
import { readRules, writeRules } from './rules-codec.js';
import {
  formatFor,
  isSnapshotFormat,
  snapshotFormatNewest,
  snapshotFormatOfColumns,
  snapshotFormatWithRules,
  type SnapshotFormat,
} from './snapshot-format.js';
import { takeAreas, takeSeats } from './taken-places.js';
import { WindowColumnsReader } from './window-columns-reader.js';
import { WindowColumnsWriter } from './window-columns-writer.js';
import { WindowReader } from './window-reader.js';
import { WindowWriter } from './window-writer.js';
import { createState, rulesOf, SeatStatus } from '../state/state.js';
import type { InventoryState, SaleStatus, StateBounds } from '../state/state.js';

/** The snapshot was taken of another seating plan. */
export class LayoutMismatch extends Error {
  override readonly name = 'LayoutMismatch';
}

const saleStatuses: readonly SaleStatus[] = ['scheduled', 'open', 'closed', 'cancelled'];

/**
 * A state in canonical bytes: equal states give equal bytes, whatever way they came about. Holds
 * and bookings go in order of making, remembered ids oldest first; what can be derived is left out.
 * The sale rules are part of it once they were changed; until then they come from the catalogue at
 * each activation.
 */
export function encodeState(
  state: InventoryState,
  wanted: SnapshotFormat = snapshotFormatNewest,
): Uint8Array {
  const format = formatFor(state, wanted);
  const to = new ByteWriter();
  to.byte(format);
  to.text(state.layout.hash);
  to.uint(state.version);
  to.uint(state.lastTimeMs);
  to.byte(saleStatuses.indexOf(state.saleStatus));
  if (format >= snapshotFormatWithRules) {
    to.uint(state.rulesRevision);
    if (state.rulesRevision > 0) writeRules(to, rulesOf(state));
  }
  to.seats(blockedSeats(state));
  to.uint(state.areaBlocked.length);
  for (const blocked of state.areaBlocked) to.uint(blocked);
  if (format >= snapshotFormatOfColumns) writeColumns(to, state);
  else writeEntries(to, state, format);
  return to.take();
}

function writeColumns(to: ByteWriter, state: InventoryState): void {
  const places = new PlaceColumnsWriter(to, state);
  places.write();
  new WindowColumnsWriter(to, state, places).write();
}

function writeEntries(to: ByteWriter, state: InventoryState, format: SnapshotFormat): void {
  const places = new PlacesWriter(to, state, format);
  places.holds();
  places.bookings();
  places.endedHolds();
  new WindowWriter(to, state, places, format).write();
}

/** In which format bytes of encodeState are; null: none that is read here. */
export function snapshotFormatOf(bytes: Uint8Array): SnapshotFormat | null {
  return isSnapshotFormat(bytes[0]) ? bytes[0] : null;
}

/** Throws CorruptBytes or LayoutMismatch; a loader then takes an older snapshot or replays. */
export function decodeState(
  layout: InventoryLayout,
  rules: SaleRules,
  bytes: Uint8Array,
  bounds: StateBounds = {},
): InventoryState {
  const loader = new StateLoader(layout, rules, bytes, bounds);
  loader.step(Infinity);
  return loader.state;
}

/** Entries of one kind that are still to be read. */
interface Section {
  /** How many there are. */
  begin(): number;
  /** Reads so many of them. */
  read(count: number): void;
  /** After the last one. */
  end?(): void;
}

/**
 * decodeState in steps, for whoever has other things to do meanwhile: a sold stadium has a quarter
 * of a million entries. A hold, a booking, an ended hold and a remembered command are one each.
 */
export class StateLoader {
  readonly state: InventoryState;
  private readonly from: ByteReader;
  private readonly sections: readonly Section[];
  private section = -1;
  /** Entries of the section that are left. */
  private left = 0;

  /** Reads what comes before the first entry. Throws as decodeState. */
  constructor(
    layout: InventoryLayout,
    rules: SaleRules,
    bytes: Uint8Array,
    bounds: StateBounds = {},
  ) {
    const from = new ByteReader(bytes);
    const written = from.byte();
    if (!isSnapshotFormat(written)) {
      throw new CorruptBytes(`snapshot format ${written} is unknown here`);
    }
    if (from.text() !== layout.hash) throw new LayoutMismatch('snapshot of another seating plan');
    const state = createState(layout, rules, bounds);
    readHead(from, state, written);
    this.from = from;
    this.state = state;
    this.sections =
      written >= snapshotFormatOfColumns
        ? sectionsOfColumns(from, state)
        : sectionsOfEntries(from, state, written);
  }

  /**
   * Reads at most so many entries. True when the state is whole. Throws CorruptBytes; the state is
   * then good for nothing.
   */
  step(entries: number): boolean {
    let spare = entries;
    while (this.section < this.sections.length) {
      if (this.left === 0) this.beginNext();
      else if (spare === 0) return false;
      else {
        const some = Math.min(spare, this.left);
        this.sections[this.section].read(some);
        spare -= some;
        this.left -= some;
      }
    }
    return true;
  }

  private beginNext(): void {
    if (this.section >= 0) this.sections[this.section].end?.();
    this.section += 1;
    if (this.section < this.sections.length) this.left = this.sections[this.section].begin();
    else if (!this.from.isAtEnd) this.from.fail('bytes after the end');
  }
}

function sectionsOfColumns(from: ByteReader, state: InventoryState): readonly Section[] {
  const places = new PlaceColumnsReader(from, state);
  return [...places.sections, new WindowColumnsReader(from, state)];
}

function sectionsOfEntries(
  from: ByteReader,
  state: InventoryState,
  format: SnapshotFormat,
): readonly Section[] {
  const places = new PlacesReader(from, state, format);
  const window = new WindowReader(from, state, places);
  const section = (begin: () => number, readOne: () => void): Section => ({
    begin,
    read: (count) => {
      for (let i = 0; i < count; i++) readOne();
    },
  });
  return [
    section(
      () => places.beginHolds(),
      () => places.readHold(),
    ),
    section(
      () => places.beginBookings(),
      () => places.readBooking(),
    ),
    section(
      () => places.beginEndedHolds(),
      () => places.readEndedHold(),
    ),
    section(
      () => window.begin(),
      () => window.read(),
    ),
  ];
}

function readHead(from: ByteReader, state: InventoryState, format: SnapshotFormat): void {
  const { areas } = state.layout;
  state.version = from.uint() as Version;
  state.lastTimeMs = from.uint() as TimeMs;
  state.saleStatus = saleStatuses[from.below(saleStatuses.length)];
  if (format >= snapshotFormatWithRules) readChangedRules(from, state);
  takeSeats(from, state, from.seats(), SeatStatus.blocked);
  if (from.size(1) !== areas.length) from.fail('areas of another plan');
  for (let area = 0; area < areas.length; area++) {
    const quantity = from.uint();
    takeAreas(from, state, [{ area: area as AreaIndex, quantity }], state.areaBlocked);
  }
}

function readChangedRules(from: ByteReader, state: InventoryState): void {
  state.rulesRevision = from.uint();
  if (state.rulesRevision === 0) return;
  const { rules, capacities } = readRules(from);
  if (capacities.length !== state.areaCapacity.length) from.fail('areas of another plan');
  if (rules.prices.length < state.layout.categories.length) from.fail('prices of another plan');
  state.rules = rules;
  state.areaCapacity.set(capacities);
}

function blockedSeats({ statusOfSeat }: InventoryState): readonly SeatIndex[] {
  const blocked: SeatIndex[] = [];
  for (let seat = 0; seat < statusOfSeat.length; seat++) {
    if (statusOfSeat[seat] === SeatStatus.blocked) blocked.push(seat as SeatIndex);
  }
  return blocked;
}
