/**
 * Seats as people call them: `Block D, Row 14, Seat 3`, or with the words of the plan `Hall,
 * Table 5, 3`. In real houses nearly every seat shares its row and number with others, so a label
 * always begins with the section. As pretix puts them together; parts that a plan leaves empty are
 * left out.
 */
export interface SeatWords {
  section(seat: number): string;
  /** Row number and seat number as the plan has them. */
  row(seat: number): string;
  number(seat: number): string;
  /** Patterns in which `%s` is the row's or the seat's number; empty: the plan has none. */
  rowPattern(seat: number): string;
  seatPattern(seat: number): string;
}

export class SeatLabels {
  /** Of seats that were held: a hold's answer names them again and again. */
  private readonly kept: (string | undefined)[] = [];

  constructor(private readonly words: SeatWords) {}

  of(seat: number): string {
    return labelOf(this.words, seat);
  }

  /** As a JSON string, and kept. */
  json(seat: number): string {
    return (this.kept[seat] ??= JSON.stringify(this.of(seat)));
  }
}

function labelOf(words: SeatWords, seat: number): string {
  const row = named(words.rowPattern(seat) || 'Row %s', words.row(seat));
  const number = named(words.seatPattern(seat) || 'Seat %s', words.number(seat));
  return [words.section(seat), row, number].filter((part) => part !== '').join(', ');
}

const named = (pattern: string, number: string): string =>
  number === '' && pattern.includes('%s') ? '' : pattern.split('%s').join(number);
