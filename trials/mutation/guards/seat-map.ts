import { edit, type Mutation } from '../mutation.js';

const specs = ['libs/seat-map/choosing.spec.ts'];
const rasterSpecs = ['libs/seat-map/overview-raster.spec.ts'];

/** What a page may show and select of a seat map. */
export const seatMapModel: readonly Mutation[] = [
  {
    name: 'look-unknown',
    guarantee: 'G6',
    guard: 'no seat is shown while nobody knows what it is (LK1)',
    file: 'libs/seat-map/seat-looks.ts',
    edits: edit('this.#fresh ? shown : look.unknown', 'shown'),
    specs,
  },
  {
    name: 'look-lost',
    guarantee: 'G6',
    guard: 'a choice ends when a seat of it is taken (CH2)',
    file: 'libs/seat-map/selection.ts',
    edits: edit('if (lost.length === 0) return false;', 'if (lost.length >= 0) return false;'),
    specs,
  },
  {
    name: 'raster-border',
    guarantee: 'G6',
    guard: 'a seat on the border of two tiles changes on both (OR2)',
    file: 'libs/seat-map/overview-raster.ts',
    edits: edit('if (isWide) found[count++] = tile + 1;', ''),
    specs: rasterSpecs,
  },
  {
    name: 'picker-stale',
    guarantee: 'G6',
    guard: 'the list does not offer what was taken since it was made (PI3)',
    file: 'libs/seat-map/picker.ts',
    edits: edit('this.#isStale[this.plan.rowOfSeat[seat]] = 1;', ''),
    specs,
  },
  {
    name: 'sheet-gap',
    guarantee: 'G6',
    guard: 'what comes into sight is painted, not what was there before (SHM1)',
    file: 'libs/seat-map/sheet-moves.ts',
    edits: edit('return [rows, beside]', 'return [rows]'),
    specs: ['libs/seat-map/sheet-moves.spec.ts'],
  },
  {
    name: 'drag-selects',
    guarantee: 'G6',
    guard: 'a drag never selects (GE1)',
    file: 'libs/seat-map/gestures.ts',
    edits: edit('return this.#lift(event, !this.#moved);', 'return this.#lift(event, true);'),
    specs: ['libs/seat-map/gestures.spec.ts'],
  },
  {
    name: 'look-barred',
    guarantee: 'G6',
    guard: 'a seat that is kept for others is not shown as free (LK3)',
    file: 'libs/seat-map/seat-looks.ts',
    edits: edit('status === look.free ? this.#freeAs[seat] : status', 'status'),
    specs: ['libs/seat-map/signs-and-offers.spec.ts'],
  },
  {
    name: 'look-wished',
    guarantee: 'G6',
    guard: 'what is not as the buyer wishes is in no choice, offer or list (SX3)',
    file: 'apps/gateway/web/seats/sale-model.ts',
    edits: edit('shown[seat] = look.aside', 'shown[seat] = look.free'),
    specs: ['apps/gateway/web/seats/sale-model.spec.ts'],
  },
  {
    name: 'choice-asking',
    guarantee: 'G6',
    guard: 'a hold that is asked for does not look like somebody else’s (SX1)',
    file: 'apps/gateway/web/seats/sale-model.ts',
    edits: edit('return !this.isAsking && this.#lose(', 'return this.#lose('),
    specs: ['apps/gateway/web/seats/sale-model.spec.ts'],
  },
  {
    name: 'signs-counted',
    guarantee: 'G6',
    guard: 'no section is called sold out before its seats were counted (SX4)',
    file: 'apps/gateway/web/seats/sale-model.ts',
    edits: edit('    this.signs.count();\n', ''),
    specs: ['apps/gateway/web/seats/sale-model.spec.ts'],
  },
  {
    name: 'replay-unknown',
    guarantee: 'G9',
    guard: 'a replay shows nothing behind a step that it cannot read (RY3)',
    file: 'libs/seat-map/sale-replay.ts',
    edits: edit("step.what === 'Unknown' || ", ''),
    specs: ['libs/seat-map/sale-replay.spec.ts'],
  },
  {
    name: 'replay-bound',
    guarantee: 'G8',
    guard: 'how much of a sale a replay keeps (RY2)',
    file: 'libs/seat-map/sale-replay.ts',
    edits: edit(' || this.#places.length >= this.changesMax', ''),
    specs: ['libs/seat-map/sale-replay.spec.ts'],
  },
];
