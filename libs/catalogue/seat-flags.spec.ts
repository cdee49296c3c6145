import { describe, expect, it } from '@jest/globals';
import { compilePlan } from './compile-plan.js';
import { parseDocument } from './plan-document.js';
import type { PretixPlan } from './pretix-plan.js';
import { withSeatFlags } from './seat-flags-file.js';
import { flagsOfCategory } from './seat-flags.js';

describe('the name of a category', () => {
  const spaces = [
    ...['Wheelchair space', 'Accessible', 'Rollstuhl', 'Rollstuhlplätze', 'Rollstuhlfahrer'],
    ...['Behindertenplätze', 'PMR', 'Places PMR', 'Fauteuil roulant', 'Silla de ruedas'],
    ...['Cadeira de rodas', 'Sedia a rotelle', 'Rolstoelplaatsen', 'Kørestolspladser'],
    ...[
      'Rullstolsplats',
      'Pyörätuolipaikat',
      'Osoby niepełnosprawne',
      'Kerekesszékes',
      'Vozíčkáři',
    ],
    ...[
      'Места для инвалидов',
      'ΑμεΑ',
      'כיסא גלגלים',
      'كرسي متحرك',
      '車椅子席',
      '휠체어석',
      '轮椅席',
    ],
    ...['Xe lăn', 'Kursi roda', 'ที่นั่งวีลแชร์'],
  ];
  const companions = [
    'Wheelchair companion',
    'Begleitperson',
    'Accompagnateur PMR',
    '車椅子付添席',
  ];
  const ordinary = [
    ...['Stalls (no wheelchair access)', 'Not accessible, stairs only', 'Non-accessible'],
    ...['Ohne Rollstuhl', 'Kein Rollstuhlplatz', 'Nicht barrierefrei', 'Inaccessible', 'Stalls'],
    ...['Non accessible PMR', 'Sin acceso para silla de ruedas', '車椅子不可', 'Не для инвалидов'],
    ...['Niet geschikt voor rolstoelen', 'Sem acesso a cadeira de rodas', 'Sehbehindert', 'Rolls'],
  ];

  it.each(spaces)('%j means wheelchair spaces', (name) => {
    expect(flagsOfCategory(name)).toEqual(['wheelchair']);
  });
  it.each(companions)('%j means companion seats', (name) => {
    expect(flagsOfCategory(name)).toEqual(['companion']);
  });
  it.each(ordinary)('%j means neither', (name) => {
    expect(flagsOfCategory(name)).toEqual([]);
  });
  it('may say that the view is restricted', () => {
    const views = ['Limited view', 'Sichtbehindert', 'Visibilité réduite', 'Visión reducida'];
    for (const name of views) expect(flagsOfCategory(name)).toEqual(['restricted_view']);
  });
});

const planOf = (category: string, ...seats: readonly object[]): PretixPlan => ({
  name: 'House',
  categories: [{ name: category }],
  zones: [
    {
      name: 'Main',
      position: { x: 0, y: 0 },
      rows: [
        {
          row_number: 'A',
          seats: seats.map((more, i) => ({
            seat_guid: `A-${i}`,
            seat_number: String(i),
            position: { x: i * 20, y: 0 },
            category,
            ...more,
          })),
        },
      ],
    },
  ],
});

describe('the flags of a plan', () => {
  it('say what was inferred, and give way to what a seat says itself', () => {
    const compiled = compilePlan(planOf('Rollstuhl', {}, { wheelchair: false }, {}), { areas: [] });
    expect(compiled.inferred).toEqual([{ category: 'Rollstuhl', flag: 'wheelchair', seats: 2 }]);
    expect(parseDocument(compiled.document).seats.wheelchair).toEqual([0, 2]);
  });

  it('may stand in a file beside it', () => {
    const flags = {
      wheelchair: ['A-1'],
      companion: ['A-2'],
      hearing_loop: ['A-1', 'A-2'],
      plus_size: ['A-0'],
      focal: { x: 5, y: 6 },
    };
    const flagged = withSeatFlags(planOf('Stalls', {}, {}, {}), flags);
    if (flagged.kind === 'invalid') throw new Error(JSON.stringify(flagged.problems));
    const { seats, focal } = parseDocument(compilePlan(flagged.value, { areas: [] }).document);
    expect(focal).toEqual({ x: 5, y: 6, from: 'plan' });
    expect(seats).toMatchObject({
      wheelchair: [1],
      companion: [2],
      hearing_loop: [1, 2],
      plus_size: [0],
    });
    expect(seats.sign_language).toBeUndefined();
  });

  it('refuse a file that names no seat of the plan, or a flag that there is not', () => {
    const problemsOf = (value: unknown) => {
      const checked = withSeatFlags(planOf('Stalls', {}), value);
      return checked.kind === 'valid' ? [] : checked.problems;
    };
    expect(problemsOf({ companion: ['A-0', 'B-7'] })).toEqual([
      { path: 'companion[1]', message: 'names "B-7", which is no seat of the plan' },
    ]);
    expect(problemsOf({ comfy: ['A-0'] })[0].path).toBe('comfy');
  });
});
