import { isPlainJson } from '#libs/catalogue/plain-json.js';
import { SeatLabels } from '#libs/catalogue/seat-labels.js';

/** Labels of a house of one section, `Main`, whose plan has no words of its own. */
export function plainLabels(rowOf: readonly string[], numberOf: readonly string[]): SeatLabels {
  return new SeatLabels({
    // Each seat counts as a row: the names are all that these labels know.
    rows: rowOf.length,
    rowOf: (seat) => seat,
    number: (seat) => numberOf[seat],
    plainNumbers: isPlainJson(numberOf.join('')),
    rowNumber: (row) => rowOf[row],
    section: () => 'Main',
    rowPattern: () => '',
    seatPattern: () => '',
  });
}
