import { describe, expect, it } from '@jest/globals';
import { compilePlan, type PlanAreas } from './compile-plan.js';
import { planDifferences } from './plan-differences.js';
import { parseDocument } from './plan-document.js';
import type { PretixPlan } from './pretix-plan.js';

const planOf = (numbers: readonly string[], category = 'Stalls'): PretixPlan => ({
  name: 'House',
  categories: [{ name: 'Stalls' }, { name: 'Circle' }],
  zones: [
    {
      name: 'Main',
      position: { x: 0, y: 0 },
      rows: [
        {
          row_number: 'A',
          seats: numbers.map((seat_number, i) => ({
            seat_guid: `A-${i}`,
            seat_number,
            position: { x: i * 20, y: 0 },
            category,
          })),
        },
      ],
    },
  ],
});

const floor: PlanAreas = { areas: [{ name: 'Floor', capacity: 5, category: 'Circle' }] };
const stored = compilePlan(planOf(['1', '2', '3', '4']), floor);

/** What an older build stored of the same plan: other numbers, neighbours and focal point. */
function olderBuild(): Uint8Array {
  const document = structuredClone(parseDocument(stored.document));
  const { seats, rows } = document;
  const turned = {
    ...document,
    focal: { x: 1, y: 2 },
    rows: { label: rows.label, section: rows.section, start: rows.start },
    seats: {
      ...seats,
      id: [...seats.id].reverse(),
      number: [...seats.number].reverse(),
      x: [...seats.x].reverse(),
      y: [...seats.y].reverse(),
      next: [0, 0, 0, 0],
    },
  };
  return Buffer.from(JSON.stringify(turned));
}

describe('the plan of an event and the one it came with', () => {
  it('do not differ because another build numbered it or saw another stage', () => {
    expect(planDifferences(olderBuild(), stored)).toEqual([]);
  });

  it('differ in seats, their names and prices', () => {
    const other = 'plan: other names, places or categories of its 4 seats';
    const differ = (plan: PretixPlan) => planDifferences(stored.document, compilePlan(plan, floor));
    expect(differ(planOf(['1', '2', '3']))).toEqual(['seats: 4 -> 3']);
    expect(differ(planOf(['1', '2', '3', '4a']))).toEqual([other]);
    expect(differ(planOf(['1', '2', '3', '4'], 'Circle'))).toEqual([other]);
    expect(differ(planOf(['1', '2', '3', '4']))).toEqual([]);
  });

  it('differ in areas, and in a focal point that was said', () => {
    const plan = planOf(['1', '2', '3', '4']);
    const differ = (extra: PlanAreas) => planDifferences(stored.document, compilePlan(plan, extra));
    const [area] = floor.areas;
    expect(differ({ areas: [{ ...area, capacity: 9 }] })).toEqual([]);
    expect(differ({ areas: [area, { ...area, name: 'Bar' }] })).toEqual([
      'areas: Floor (Circle) -> Floor (Circle), Bar (Circle)',
    ]);
    const [line] = differ({ ...floor, focal: { x: 9, y: 9 } });
    expect(line).toMatch(/^focal: .* -> 9,9$/);
  });
});
