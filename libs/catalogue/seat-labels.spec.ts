import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPlainJson } from './plain-json.js';
import { SeatLabels } from './seat-labels.js';

/** A house of one row, in which the seat has the index 7. */
const labels = (section: string, row: string, number: string, rowText = '', seatText = '') =>
  new SeatLabels({
    rows: 3,
    rowOf: () => 2,
    number: () => number,
    plainNumbers: isPlainJson(number),
    rowNumber: () => row,
    section: () => section,
    rowPattern: () => rowText,
    seatPattern: () => seatText,
  });

const labelOf = (...texts: Parameters<typeof labels>): string => labels(...texts).of(7);

describe('the label of a seat', () => {
  it('says section, row and seat', () => {
    expect(labelOf('Block D', '14', '3')).toBe('Block D, Row 14, Seat 3');
  });

  it('takes the words of the plan', () => {
    expect(labelOf('Hall', '5', '3', 'Table %s')).toBe('Hall, Table 5, Seat 3');
    expect(labelOf('Ground floor', 'G', '9', '', 'G%s')).toBe('Ground floor, Row G, G9');
    expect(labelOf('Hall', '$&', '3', '%s and %s', 'Sofa')).toBe('Hall, $& and $&, Sofa');
  });

  it('leaves out what the plan leaves empty', () => {
    expect(labelOf('Balcony', '', '7')).toBe('Balcony, Seat 7');
    expect(labelOf('Balcony', '', '', 'Table %s')).toBe('Balcony');
  });

  it('is escaped as JSON', () => {
    expect(labels('The "Box"', '1', '2').json(7)).toBe('"The \\"Box\\", Row 1, Seat 2"');
    expect(labels('A', '1', '\\').json(7)).toBe('"A, Row 1, Seat \\\\"');
  });

  it('is the same as a JSON string, whatever the plan says', () => {
    const text = fc.oneof(
      fc.constantFrom('', '%s', 'Seat %s', '%s%s', '%s of %s', '"', '\\', 'G%s', '$&', '%'),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    fc.assert(
      fc.property(text, text, text, text, text, (...texts) => {
        const made = labels(...texts);
        expect(JSON.parse(made.json(7))).toBe(made.of(7));
        expect(made.json(7)).toBe(JSON.stringify(made.of(7)));
      }),
      { numRuns: 500 },
    );
  });
});
