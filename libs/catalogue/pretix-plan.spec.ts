import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { Checked } from './checked.js';
import { checkPlan, countSeats, looksLikePlan, parsePlan } from './pretix-plan.js';

const seat = (id: string, more: object = {}) => ({
  seat_guid: id,
  seat_number: '1',
  position: { x: 0, y: 0 },
  category: 'Stalls',
  ...more,
});
const row = (seats: readonly unknown[], more: object = {}) => ({
  row_number: 'A',
  seats,
  ...more,
});
const zone = (rows: readonly unknown[], more: object = {}) => ({
  name: 'Main',
  position: { x: 0, y: 0 },
  rows,
  ...more,
});
const plan = (zones: unknown, more: object = {}) => ({
  name: 'House',
  categories: [{ name: 'Stalls', color: '#fff' }],
  zones,
  ...more,
});

function problemsOf(checked: Checked<unknown>): string[] {
  if (checked.kind === 'valid') return [];
  return checked.problems.map(({ path, message }) => `${path} ${message}`.trim());
}

describe('a seating plan', () => {
  it('is accepted with what pretix editors add for themselves', () => {
    const area = { uuid: 'x', shape: 'circle', position: { x: 1, y: 1 }, circle: { radius: 5 } };
    const checked = checkPlan(
      plan([zone([row([seat('1', { uuid: 'u', radius: 9 })])], { zone_id: 'z', areas: [area] })], {
        size: { width: 100, height: 50 },
      }),
    );
    expect(problemsOf(checked)).toEqual([]);
    expect(checked.kind === 'valid' && countSeats(checked.value)).toBe(1);
  });

  it('is accepted without a seat when it draws an area', () => {
    const area = { position: { x: 0, y: 0 }, width: 10, height: 10, text: 'Floor' };
    expect(problemsOf(checkPlan(plan([zone([], { areas: [area] })])))).toEqual([]);
  });

  it('is told from an event file by its zones', () => {
    expect(looksLikePlan(plan([]))).toBe(true);
    expect(looksLikePlan({ name: 'Hamlet' })).toBe(false);
    expect(looksLikePlan([1])).toBe(false);
    expect(looksLikePlan(null)).toBe(false);
  });
});

describe('a seating plan is refused with the path of the field:', () => {
  const long = 'x'.repeat(limits.labelLengthMax + 1);
  const cases: readonly [string, unknown, string][] = [
    ['an array', [], 'is not a seating plan: "zones" is missing'],
    ['an event file', { name: 'Hamlet' }, 'is not a seating plan: "zones" is missing'],
    ['zones that are no list', plan('none'), 'zones must be array'],
    ['no name', { ...plan([zone([row([seat('1')])])]), name: undefined }, 'name must be string'],
    ['no zones', plan([]), 'zones have no seats and no areas'],
    ['zones without seats', plan([zone([row([])])]), 'zones have no seats and no areas'],
    ['a zone without rows', plan([{ position: { x: 0, y: 0 } }]), 'zones[0].rows is missing'],
    [
      'a seat without an id',
      plan([zone([row([seat('1'), seat('2', { seat_guid: undefined })])])]),
      'zones[0].rows[0].seats[1].seat_guid must be string',
    ],
    [
      'a seat without a position',
      plan([zone([]), zone([row([]), row([{ ...seat('1'), position: {} }])])]),
      'zones[1].rows[1].seats[0].position.x is missing',
    ],
    [
      'an id that is a number',
      plan([zone([row([seat('1', { seat_guid: 7 })])])]),
      'zones[0].rows[0].seats[0].seat_guid must be string',
    ],
    [
      'an empty id',
      plan([zone([row([seat('')])])]),
      'zones[0].rows[0].seats[0].seat_guid must not be empty',
    ],
    [
      'an absurd id',
      plan([zone([row([seat(long)])])]),
      `zones[0].rows[0].seats[0].seat_guid must not have over ${limits.labelLengthMax} characters`,
    ],
    [
      'an absurd zone name',
      plan([zone([row([seat('1')])], { name: long })]),
      `zones[0].name must not have over ${limits.labelLengthMax} characters`,
    ],
    [
      'a line break in a row number',
      plan([zone([row([seat('1')], { row_number: 'A\nB' })])]),
      'zones[0].rows[0].row_number has characters that are not allowed',
    ],
    [
      'a position that is text',
      plan([zone([row([seat('1', { position: { x: '4', y: 0 } })])])]),
      'zones[0].rows[0].seats[0].position.x must be number',
    ],
    [
      'a position off every map',
      plan([zone([row([seat('1')])], { position: { x: 0, y: 1e9 } })]),
      `zones[0].position.y must be <= ${limits.coordinateMax}`,
    ],
    [
      'an infinite position',
      plan([zone([row([seat('1', { position: JSON.parse('{"x":1e999,"y":0}') as object })])])]),
      'zones[0].rows[0].seats[0].position.x must be number',
    ],
    [
      'an unknown category',
      plan([zone([row([seat('1'), seat('2', { category: 'Royal' })])])]),
      'zones[0].rows[0].seats[1].category names the unknown category "Royal"',
    ],
    [
      'a category twice',
      plan([zone([row([seat('1')])])], { categories: [{ name: 'Stalls' }, { name: 'Stalls' }] }),
      'categories[1].name repeats the category "Stalls"',
    ],
    [
      'a wheelchair flag that is text',
      plan([zone([row([seat('1', { wheelchair: 'yes' })])])]),
      'zones[0].rows[0].seats[0].wheelchair must be boolean',
    ],
    [
      'a drawn text that is a number',
      plan([zone([], { areas: [{ width: 1, height: 1, text: 7 }] })]),
      'zones[0].areas[0].text must be object',
    ],
    [
      'a drawn text whose words are a number',
      plan([zone([], { areas: [{ width: 1, height: 1, text: { text: 7 } }] })]),
      'zones[0].areas[0].text.text must be string',
    ],
  ];

  it.each(cases)('%s', (_title, value, problem) => {
    expect(problemsOf(checkPlan(value))[0]).toBe(problem);
  });

  it('one seat more than fits, at that seat', () => {
    const half = Math.ceil((limits.seatsPerPlanMax + 1) / 2);
    const seats = (from: number) => Array.from({ length: half }, (_, i) => seat(`s${from + i}`));
    const problems = problemsOf(checkPlan(plan([zone([row(seats(0)), row(seats(half))])])));
    expect(problems).toEqual([
      `zones[0].rows[1].seats[${limits.seatsPerPlanMax - half}] is one too many: ` +
        `the plan has ${2 * half} seats, at most ${limits.seatsPerPlanMax} fit`,
    ]);
  });

  it('every problem, up to the bound', () => {
    const strangers = Array.from({ length: 50 }, (_, i) => seat(`s${i}`, { category: 'Royal' }));
    const problems = problemsOf(checkPlan(plan([zone([row(strangers)])])));
    expect(problems).toHaveLength(limits.importProblemsMax);
    expect(problems[1]).toContain('zones[0].rows[0].seats[1].category');
  });

  it('what is not JSON, with the position', () => {
    expect(problemsOf(parsePlan(Buffer.from('{"zones": [,]}')))).toEqual([
      'is not valid JSON: unexpected "," at line 1, column 12 (position 11)',
    ]);
  });
});

describe('seat ids that repeat', () => {
  const twins = (more: (i: number) => object) =>
    plan([zone([row(Array.from({ length: 50 }, (_, i) => seat(`s${i % 10}`, more(i))))])]);

  it('are refused with their true number, the first few and where they stood before', () => {
    const at = 'zones[0].rows[0].seats';
    expect(problemsOf(checkPlan(twins(() => ({}))))).toEqual([
      `${at}[10].seat_guid repeats "s0" of ${at}[0]; 40 of 50 seats repeat an id`,
      `${at}[11].seat_guid repeats "s1" of ${at}[1]`,
      `${at}[12].seat_guid repeats "s2" of ${at}[2]`,
    ]);
  });

  it('are no trouble where uuid is unique and asked for', () => {
    const value = twins((i) => ({ uuid: `u${i}` }));
    expect(problemsOf(checkPlan(value))[0]).toContain('import with --seat-id uuid');
    const checked = checkPlan(value, { seatId: 'uuid' });
    expect(problemsOf(checked)).toEqual([]);
    const seats = checked.kind === 'valid' ? checked.value.zones[0].rows[0].seats : [];
    expect(seats.slice(0, 2).map((one) => one.seat_guid)).toEqual(['u0', 'u1']);
  });

  it('are refused by uuid as well: one that is missing, one that repeats', () => {
    const byUuid = (value: unknown) => problemsOf(checkPlan(value, { seatId: 'uuid' }));
    expect(byUuid(twins((i) => (i === 3 ? {} : { uuid: `u${i}` })))).toEqual([
      'zones[0].rows[0].seats[3].uuid is missing',
    ]);
    const [first] = byUuid(twins((i) => ({ uuid: `u${i % 49}` })));
    expect(first).toBe(
      'zones[0].rows[0].seats[49].uuid repeats "u0" of zones[0].rows[0].seats[0]; ' +
        '1 of 50 seats repeat an id',
    );
  });
});

describe('what is only drawn never refuses a plan:', () => {
  const corner = { x: 0, y: 0 };
  const circle = Array.from({ length: 5_000 }, (_, i) => ({ x: i, y: -i }));
  const cases: readonly [string, object][] = [
    ['an area without a position', { rectangle: { width: 5, height: 5 } }],
    ['a text with line breaks', { position: corner, text: { text: 'Stage\nleft', size: 20 } }],
    ['a text of 5,000 characters', { position: corner, text: { text: 'x'.repeat(5_000) } }],
    ['a negative width', { position: corner, rectangle: { width: -40, height: 20 } }],
    ['5,000 points', { position: corner, polygon: { points: circle } }],
    ['a circle turned inside out', { position: corner, circle: { radius: -3 } }],
    ['an old plan’s plain text', { position: corner, width: 10, height: 10, text: 'Stage' }],
  ];

  it.each(cases)('%s', (_title, area) => {
    expect(problemsOf(checkPlan(plan([zone([], { areas: [area] })])))).toEqual([]);
  });

  it('but its bytes are bounded, because every buyer loads them', () => {
    const text = { text: 'x'.repeat(limits.drawnBytesPerPlanMax) };
    expect(problemsOf(checkPlan(plan([zone([], { areas: [{ text }] })])))).toEqual([
      `zones[0].areas draw over ${limits.drawnBytesPerPlanMax} bytes`,
    ]);
  });

  it('and ids and labels may be as long as pretix’s', () => {
    const long = 'x'.repeat(190);
    const labels = plan([zone([row([seat(long, { seat_number: long })], { row_number: long })])]);
    expect(problemsOf(checkPlan(labels))).toEqual([]);
  });
});
