import type { InventoryLayout } from '#libs/inventory/layout.js';
import { isPlainJson } from './plain-json.js';
import type { PlanNames } from './plan-names.js';

/**
 * Seats as people call them: `Block D, Row 14, Seat 3`, or with the words of the plan `Hall,
 * Table 5, 3`. In real houses nearly every seat shares its row and number with others, so a label
 * always begins with the section. As pretix puts them together; parts that a plan leaves empty are
 * left out.
 */
export interface SeatWords {
  readonly rows: number;
  /** Index of the row that a seat is in. */
  rowOf(seat: number): number;
  /** Seat number and row number as the plan has them. */
  number(seat: number): string;
  rowNumber(row: number): string;
  section(row: number): string;
  /** No seat number has a character that JSON would escape. */
  readonly plainNumbers: boolean;
  /** Patterns in which `%s` is the row's or the seat's number; empty: the plan has none. */
  rowPattern(row: number): string;
  seatPattern(row: number): string;
}

/** What stands around the number of each seat of a row, as it stands in a JSON string. */
interface RowFrame {
  readonly before: string;
  readonly after: string;
}

const placeholder = '%s';

export class SeatLabels {
  /** By row, of those whose seats were asked for; null: its labels have no such frame. */
  private readonly frames: (RowFrame | null | undefined)[];

  constructor(private readonly words: SeatWords) {
    this.frames = new Array<undefined>(words.rows).fill(undefined);
  }

  of(seat: number): string {
    const { words } = this;
    const row = words.rowOf(seat);
    return label(words, row, named(seatPattern(words, row), words.number(seat)));
  }

  /** As a JSON string. Every hold's answer has some: a seat costs no more than two additions. */
  json(seat: number): string {
    const row = this.words.rowOf(seat);
    const frame = this.frameOf(row);
    const number = this.words.number(seat);
    if (frame === null || number === '' || !this.words.plainNumbers) {
      return JSON.stringify(this.of(seat));
    }
    return frame.before + number + frame.after;
  }

  private frameOf(row: number): RowFrame | null {
    const known = this.frames[row];
    return known === undefined ? (this.frames[row] = frameOf(this.words, row)) : known;
  }
}

/** Labels of the seats of a plan. */
export function planLabels(layout: InventoryLayout, names: Omit<PlanNames, 'ids'>): SeatLabels {
  const { rowOfSeat, sectionOfRow, sections } = layout;
  return new SeatLabels({
    rows: sectionOfRow.length,
    rowOf: (seat) => rowOfSeat[seat],
    number: (seat) => names.numbers[seat],
    plainNumbers: isPlainJson(names.numbers.join('')),
    rowNumber: (row) => names.rowLabels[row],
    section: (row) => sections[sectionOfRow[row]],
    rowPattern: (row) => names.rowPatterns?.[row] ?? '',
    seatPattern: (row) => names.seatPatterns?.[row] ?? '',
  });
}

function frameOf(words: SeatWords, row: number): RowFrame | null {
  const [before, after, more] = seatPattern(words, row).split(placeholder);
  if (after === undefined || more !== undefined) return null;
  const whole = JSON.stringify(label(words, row, before + placeholder + after));
  // The last one: the section may have such a text as well, what follows the number has none.
  const at = whole.lastIndexOf(placeholder);
  return { before: own(whole.slice(0, at)), after: own(whole.slice(at + placeholder.length)) };
}

/** Not a slice of a longer text, which every label would have to look through. */
const own = (text: string): string => Buffer.from(text).toString();

const seatPattern = (words: SeatWords, row: number): string => words.seatPattern(row) || 'Seat %s';

function label(words: SeatWords, row: number, seat: string): string {
  const rowName = named(words.rowPattern(row) || 'Row %s', words.rowNumber(row));
  return [words.section(row), rowName, seat].filter((part) => part !== '').join(', ');
}

const named = (pattern: string, number: string): string =>
  number === '' && pattern.includes(placeholder) ? '' : pattern.split(placeholder).join(number);
