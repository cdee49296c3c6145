import { describe, expect, it } from '@jest/globals';
import { compilePlan } from './compile-plan.js';
import { overlapNote } from './overlapping-seats.js';

const row = (label: string, xs: readonly number[]) => ({
  row_number: label,
  position: { x: 0, y: 0 },
  seats: xs.map((x, i) => ({
    seat_guid: `${label}${i + 1}`,
    seat_number: String(i + 1),
    position: { x, y: 0 },
    category: 'Stalls',
  })),
});

function noteOf(...zones: [name: string, xs: readonly number[]][]): string | null {
  const plan = {
    name: 'House',
    categories: [{ name: 'Stalls' }],
    zones: zones.map(([name, xs]) => ({ name, position: { x: 5, y: 5 }, rows: [row(name, xs)] })),
  };
  return overlapNote(compilePlan(plan, { areas: [] }));
}

describe('seats that stand where another one stands', () => {
  it('are counted, and two of them named', () => {
    expect(noteOf(['A', [0, 20, 40]], ['B', [20, 40, 60]])).toBe(
      '2 seats stand where another one stands, and a map shows one of the two: ' +
        '"A, Row A, Seat 2" and "B, Row B, Seat 1", for example',
    );
  });

  it('are nothing to speak of where there are none', () => {
    expect(noteOf(['A', [0, 20]], ['B', [40, 60]])).toBeNull();
  });
});
