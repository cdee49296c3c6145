import { describe, expect, it } from '@jest/globals';
import { SeatLabels } from './seat-labels.js';

const labelOf = (section: string, row: string, number: string, rowText = '', seatText = '') => {
  const words = {
    section: () => section,
    row: () => row,
    number: () => number,
    rowPattern: () => rowText,
    seatPattern: () => seatText,
  };
  return new SeatLabels(words).of(0);
};

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
    const words = {
      section: () => 'The "Box"',
      row: () => '1',
      number: () => '2',
      rowPattern: () => '',
      seatPattern: () => '',
    };
    expect(new SeatLabels(words).json(3)).toBe('"The \\"Box\\", Row 1, Seat 2"');
  });
});
