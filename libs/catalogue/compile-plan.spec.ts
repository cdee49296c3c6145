import { describe, expect, it } from '@jest/globals';
import {
  SEAT_FLAG_COMPANION,
  SEAT_FLAG_RESTRICTED_VIEW,
  SEAT_FLAG_WHEELCHAIR,
} from '#libs/inventory/layout.js';
import { compilePlan, sha256 } from './compile-plan.js';
import { demoPlan } from './demo/demo-catalogue.js';
import { parseDocument, withHash } from './plan-document.js';
import type { PretixPlan, PretixRow } from './pretix-plan.js';

const rowAt = (label: string, xs: readonly number[], y = 0): PretixRow => ({
  row_number: label,
  position: { x: 0, y },
  seats: xs.map((x, i) => ({
    seat_guid: `${label}${i + 1}`,
    seat_number: String(i + 1),
    position: { x, y: 0 },
    category: 'Stalls',
  })),
});

const planOf = (rows: PretixRow[], more: Partial<PretixPlan> = {}): PretixPlan => ({
  name: 'House',
  categories: [{ name: 'Stalls' }],
  zones: [{ name: 'Main', position: { x: 100, y: 200 }, rows }],
  ...more,
});

const layoutOf = (plan: PretixPlan) => compilePlan(plan, { areas: [] }).layout;
const neighbours = (rows: PretixRow[]): string =>
  Array.from(layoutOf(planOf(rows)).neighbourNext).join('');

describe('a compiled plan', () => {
  it('numbers seats row by row and adds up positions', () => {
    const layout = layoutOf(planOf([rowAt('A', [0, 20, 40], 10), rowAt('B', [5, 25], 30)]));
    expect([layout.seatCount, layout.rowCount]).toEqual([5, 2]);
    expect(Array.from(layout.rowStart)).toEqual([0, 3, 5]);
    expect(Array.from(layout.rowOfSeat)).toEqual([0, 0, 0, 1, 1]);
    expect(Array.from(layout.x)).toEqual([100, 120, 140, 105, 125]);
    expect(Array.from(layout.y)).toEqual([210, 210, 210, 230, 230]);
  });

  it('drops empty rows and zones, and gives zones without a name one', () => {
    const rows = [rowAt('A', [0, 20])];
    const position = { x: 0, y: 0 };
    const layout = layoutOf({
      ...planOf([]),
      zones: [
        { position, rows: [rowAt('Z', [])] },
        { name: 'Box', position, rows },
        { name: '', position, rows: [rowAt('B', [0])] },
        { name: 'Box', position, rows: [rowAt('C', [0])] },
      ],
    });
    expect(layout.sections).toEqual(['Box', 'Zone 3']);
    expect(Array.from(layout.sectionOfRow)).toEqual([0, 1, 0]);
  });

  it('finds neighbours by distance, with aisles where the gap is wide', () => {
    expect(neighbours([rowAt('A', [0, 20, 40, 60])])).toBe('1110');
    expect(neighbours([rowAt('A', [0, 20, 40, 90, 110])])).toBe('11010');
    // Pairs with aisles between all of them, and a wheelchair space that is a little wider.
    expect(neighbours([rowAt('A', [0, 20, 60, 80, 120, 140])])).toBe('101010');
    expect(neighbours([rowAt('A', [0, 20, 40, 70, 90])])).toBe('11110');
  });

  it('judges short rows by the spacing of the whole plan', () => {
    expect(neighbours([rowAt('A', [0, 20, 40, 60, 80]), rowAt('B', [0, 100])])).toBe('1111000');
    expect(neighbours([rowAt('A', [0])])).toBe('0');
  });

  it('makes no neighbours across rows', () => {
    expect(neighbours([rowAt('A', [0, 20]), rowAt('B', [20, 40])])).toBe('1010');
  });

  it('takes flags from seats and from the words of categories', () => {
    const row = rowAt('A', [0, 20, 40, 60, 80]);
    const looks = [
      { category: 'Wheelchair space' },
      { category: 'Wheelchair companion' },
      { category: 'Stalls', wheelchair: true, restricted_view: true },
      { category: 'Stalls, limited view' },
      { category: 'Stalls', companion: false },
    ];
    row.seats = row.seats.map((seat, i) => ({ ...seat, ...looks[i] }));
    const categories = [...new Set(looks.map((look) => look.category))].map((name) => ({ name }));
    expect(Array.from(layoutOf(planOf([row], { categories })).flagsOfSeat)).toEqual([
      SEAT_FLAG_WHEELCHAIR,
      SEAT_FLAG_COMPANION,
      SEAT_FLAG_WHEELCHAIR | SEAT_FLAG_RESTRICTED_VIEW,
      SEAT_FLAG_RESTRICTED_VIEW,
      0,
    ]);
  });

  it('adds areas, and categories that only areas have', () => {
    const { layout } = compilePlan(planOf([rowAt('A', [0])]), {
      areas: [{ name: 'Floor', capacity: 50, category: 'Standing' }],
    });
    expect(layout.categories).toEqual(['Stalls', 'Standing']);
    expect(layout.areas).toEqual([{ name: 'Floor', capacity: 50, category: 1 }]);
  });

  it('gives the same bytes for the same plan, and another hash for any other', () => {
    const hashOf = (plan: PretixPlan, extra = {}) =>
      compilePlan(plan, { areas: [], ...extra }).hash;
    const rows = [rowAt('A', [0, 20, 40])];
    const base = hashOf(planOf(rows));
    expect(hashOf(structuredClone(planOf(rows)))).toBe(base);
    const renamed = structuredClone(rows);
    renamed[0].seats[1].seat_number = '2a';
    const others = [
      hashOf(planOf(renamed)),
      hashOf(planOf([rowAt('A', [0, 20, 41])])),
      hashOf(planOf(rows, { name: 'Other' })),
      hashOf(planOf(rows), { focal: { x: 1, y: 1 } }),
      hashOf(planOf(rows), { areas: [{ name: 'F', capacity: 1, category: 'Stalls' }] }),
    ];
    expect(new Set([base, ...others]).size).toBe(6);
  });
});

describe('the public document', () => {
  it('has every name at its seat index, and the drawing of each area', () => {
    const plan = planOf([rowAt('A', [0, 20.123]), rowAt('B', [0])]);
    plan.zones[0].areas = [
      { text: 'FLOOR', position: { x: 1, y: 2 }, width: 30, height: 40, color: '#111' },
      {
        position: { x: 5, y: 5 },
        polygon: {
          points: [
            { x: 0, y: 0 },
            { x: 9, y: 0 },
          ],
        },
      },
      { position: { x: 5, y: 5 }, ellipse: { radius: { x: 2, y: 3 } } },
      { rectangle: { width: -10, height: 20 }, text: { text: 'Bar', position: { x: -5, y: 4 } } },
    ];
    const { document, hash } = compilePlan(plan, {
      areas: [{ name: 'Floor', capacity: 10, category: 'Stalls' }],
    });
    const parsed = parseDocument(document);
    expect(parsed.seats.id).toEqual(['A1', 'A2', 'B1']);
    expect(parsed.seats.x).toEqual([100, 120.12, 100]);
    const rows = { label: ['A', 'B'], section: [0, 0], start: [0, 2], round: [] };
    expect(parsed.rows).toEqual(rows);
    expect(parsed.areas).toEqual([{ name: 'Floor', capacity: 10, category: 0, drawing: 0 }]);
    expect(parsed.drawings.map((drawing) => drawing.shape)).toEqual([
      'rectangle',
      'polygon',
      'ellipse',
      'rectangle',
    ]);
    expect(parsed.drawings[0]).toMatchObject({ x: 101, y: 202, width: 30, height: 40 });
    const bar = { x: 90, y: 200, width: 10, height: 20, text_x: 5, text_y: 4 };
    expect(parsed.drawings[3]).toMatchObject(bar);
    expect(parsed.focal).toEqual({ x: 110.06, y: 200, from: 'edge' });
    const served = JSON.parse(Buffer.from(withHash(document, hash)).toString()) as object;
    expect(served).toEqual({ hash, ...parsed });
  });

  it('keeps what the plan says of its rows and seats to people and to whoever draws it', () => {
    const [row, other] = [rowAt('5', [0, 20]), rowAt('6', [0], 30)];
    const table = { ...row, row_label: 'Table %s', seat_label: null, row_number_position: 'both' };
    table.seats[1].radius = 7;
    const { rows, seats } = parseDocument(
      compilePlan(planOf([table, other]), { areas: [] }).document,
    );
    expect(rows).toMatchObject({ row_label: ['Table %s', ''], number_position: ['both', ''] });
    expect(rows.seat_label).toBeUndefined();
    expect(seats.radius).toEqual([0, 7, 0]);
  });

  it('of 50,000 seats stays under 3 MB', () => {
    const compiled = compilePlan(demoPlan('stadium'), { areas: [] });
    expect(compiled.layout.seatCount).toBe(50_000);
    expect(compiled.document.length).toBeLessThan(3_000_000);
    expect(compiled.hash).toBe(sha256(compiled.compiled).toString('hex'));
  });
});
