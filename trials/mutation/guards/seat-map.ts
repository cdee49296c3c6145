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
    edits: edit('this.#fresh ? mine : look.unknown', 'mine'),
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
    name: 'raster-overlap',
    guarantee: 'G6',
    guard: 'a change below another seat does not cover it (OR1)',
    file: 'libs/seat-map/overview-raster.ts',
    edits: edit('if (this.#overlaps[seat] === 1)', 'if (this.#overlaps[seat] === 2)'),
    specs: rasterSpecs,
  },
  {
    name: 'drag-selects',
    guarantee: 'G6',
    guard: 'a drag never selects (GE1)',
    file: 'libs/seat-map/gestures.ts',
    edits: edit('return this.#lift(event, !this.#moved);', 'return this.#lift(event, true);'),
    specs: ['libs/seat-map/gestures.spec.ts'],
  },
];
