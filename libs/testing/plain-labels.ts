import { SeatLabels } from '#libs/catalogue/seat-labels.js';

/** Labels of a house of one section, `Main`, whose plan has no words of its own. */
export function plainLabels(rowOf: readonly string[], numberOf: readonly string[]): SeatLabels {
  return new SeatLabels({
    section: () => 'Main',
    row: (seat) => rowOf[seat],
    number: (seat) => numberOf[seat],
    rowPattern: () => '',
    seatPattern: () => '',
  });
}
