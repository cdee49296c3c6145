import { describe, expect, it } from '@jest/globals';
import { compilePlan } from './compile-plan.js';
import { focalReason } from './focal-point.js';
import { parseDocument } from './plan-document.js';
import type { PretixArea, PretixPlan, PretixRow, PretixZone } from './pretix-plan.js';
import { stageRank } from './stage-words.js';

/** A row of seats at the given places, whatever its label. */
function rowOf(label: string, places: readonly (readonly [number, number])[]): PretixRow {
  return {
    row_number: label,
    seats: places.map(([x, y], i) => ({
      seat_guid: `${label}-${x}-${y}`,
      seat_number: String(i + 1),
      position: { x, y },
      category: 'Stalls',
    })),
  };
}

const straight = (label: string, y: number, x = 0, seats = 10): PretixRow =>
  rowOf(
    label,
    Array.from({ length: seats }, (_, i) => [x + i * 20, y] as const),
  );

/** Part of a circle; angles in degrees, clockwise from the right as plans are drawn. */
const curved = (
  label: string,
  middle: readonly [number, number],
  radius: number,
  [from, to]: readonly [number, number],
): PretixRow =>
  rowOf(
    label,
    Array.from({ length: 21 }, (_, i) => {
      const turn = ((from + ((to - from) * i) / 20) * Math.PI) / 180;
      return [middle[0] + radius * Math.cos(turn), middle[1] + radius * Math.sin(turn)] as const;
    }),
  );

const planOf = (
  sections: readonly (readonly PretixRow[])[],
  areas: readonly PretixArea[] = [],
): PretixPlan => ({
  name: 'House',
  categories: [{ name: 'Stalls' }],
  zones: sections.map((rows, i): PretixZone => {
    const zone = { name: `Zone ${i}`, position: { x: 0, y: 0 }, rows: [...rows] };
    return i === 0 ? { ...zone, areas: [...areas] } : zone;
  }),
});

const focalOf = (plan: PretixPlan, focal?: { x: number; y: number }) =>
  compilePlan(plan, { areas: [], focal }).focal;

const box = (text: string, x: number, y: number, width = 100, height = 40): PretixArea => ({
  shape: 'rectangle',
  position: { x, y },
  rectangle: { width, height },
  text: { text },
});
const stalls = [straight('A', 100), straight('B', 130), straight('C', 160)];

describe('a text that names the stage', () => {
  const stages = [
    ...['Stage', 'MAIN STAGE', 'S T A G E', 'S.T.A.G.E', 'S\nT\nA\nG\nE', 'Bühne', 'B Ü H N E'],
    ...['Hauptbühne', 'Freilichtbühne', 'Scène', 'Escenario', 'Palcoscenico', 'Toneel', 'Podium'],
    ...['Scena', 'Jeviště', 'Színpad', 'Scenă', 'Näyttämö', 'Leinwand', 'Screen', 'Sahne'],
    ...['СЦЕНА', 'Σκηνή', 'בימה במה', 'المسرح', 'صحنه', 'मंच', 'เวที', 'เวทีหลัก', 'Sân khấu'],
    ...['Panggung', '舞台', '主舞台', 'メインステージ', '무대', '메인무대', 'Pantalla', 'Экран'],
  ];
  const fields = [
    ...['Pitch', 'Centre Court', 'Ring', 'Ice Rink', 'Football field', 'Spielfeld'],
    ...['Fußballfeld', 'Terrain', 'Cancha', 'Boisko', 'Поле', 'ملعب', 'สนาม', '球场', '경기장'],
    ...['Lapangan', 'Speelveld', 'Hřiště', 'フィールド', 'Campo', 'Manege'],
  ];
  const others = [
    ...['Backstage', 'Stage door', 'Arah Panggung', 'Bühneneingang', 'Stage left', 'View of stage'],
    ...['FLOOR #1', 'Bar', 'Food court', 'Pitch side', 'Bratislava', 'Bielefeld', '1. Ring', ''],
    ...['Field level', 'A', 'Obscene'],
  ];

  it.each(stages)('%j is a stage', (text) => {
    expect([0, 1]).toContain(stageRank(text));
  });
  it.each(fields)('%j is a field of play', (text) => {
    expect([2, 3]).toContain(stageRank(text));
  });
  it.each(others)('%j is neither', (text) => {
    expect(stageRank(text)).toBeNull();
  });
});

describe('the focal point', () => {
  it('is what the event says, else what the plan says', () => {
    const plan = { ...planOf([stalls], [box('Stage', 0, 0)]), focal: { x: 7, y: 8 } };
    expect(focalOf(plan, { x: 1, y: 2 })).toEqual({ x: 1, y: 2, from: 'event' });
    expect(focalOf(plan)).toEqual({ x: 7, y: 8, from: 'plan' });
  });

  it('is the middle of the drawn stage, wherever the plan has it', () => {
    const plan = planOf([stalls], [box('FLOOR #1', 0, 90), box('S T A G E', 50, 400)]);
    expect(focalOf(plan)).toEqual({ x: 100, y: 420, from: 'drawing', name: 'S T A G E' });
  });

  it('is the stage rather than the field, and the larger of two', () => {
    const areas = [box('Pitch', 0, 0, 900, 900), box('Stage', 10, 10), box('Stage', 0, 0, 200, 80)];
    expect(focalOf(planOf([stalls], areas))).toMatchObject({ x: 100, y: 40, name: 'Stage' });
  });

  it('is not an arrow that shows the way to it', () => {
    const arrow: PretixArea = { position: { x: 900, y: 900 }, text: { text: 'Arah Panggung' } };
    expect(focalOf(planOf([stalls], [arrow])).from).toBe('rows');
  });

  it('is the middle of a turned rectangle, and of a zone that is called like it', () => {
    const turned = { ...box('Stage', 100, 100), rotation: 90 };
    expect(focalOf(planOf([stalls], [turned]))).toMatchObject({ x: 80, y: 150 });
    const plan = planOf([stalls]);
    const shape = { rectangle: { width: 10, height: 10 } };
    const zone = { name: 'Bühne', position: { x: 40, y: 0 }, rows: [], areas: [shape] };
    const named = { ...plan, zones: [...plan.zones, zone] };
    expect(focalOf(named)).toEqual({ x: 45, y: 5, from: 'drawing', name: 'Bühne' });
  });

  it('lies before row A, at whichever edge of the plan that is', () => {
    expect(focalOf(planOf([stalls]))).toEqual({ x: 90, y: 100, from: 'rows' });
    const upside = [straight('C', 100), straight('B', 130), straight('A', 160)];
    expect(focalOf(planOf([upside]))).toEqual({ x: 90, y: 160, from: 'rows' });
  });

  it('is the pitch between two stands that face each other', () => {
    const north = ['3', '2', '1'].map((label, i) => straight(label, i * 40));
    const south = ['1', '2', '3'].map((label, i) => straight(label, 480 + i * 40));
    expect(focalOf(planOf([north, south]))).toEqual({ x: 90, y: 280, from: 'rows' });
  });

  it('is the middle of four stands, and of a horseshoe', () => {
    const labels = ['1', '2', '3', '4'];
    const upright = (label: string, x: number): PretixRow =>
      rowOf(
        label,
        Array.from({ length: 10 }, (_, i) => [x, 100 + i * 20] as const),
      );
    const north = labels.map((label, i) => straight(label, -i * 30, 100));
    const south = labels.map((label, i) => straight(label, 380 + i * 30, 100));
    const west = labels.map((label, i) => upright(label, -i * 30));
    const east = labels.map((label, i) => upright(label, 380 + i * 30));
    expect(focalOf(planOf([north, east, south, west]))).toEqual({ x: 190, y: 190, from: 'rows' });
    const horseshoe = focalOf(planOf([west, south, east]));
    expect(horseshoe).toEqual({ x: 190, y: 190, from: 'rows' });
  });

  it('is what curved rows curve around, also when their labels count from the back', () => {
    for (const labels of [
      ['A', 'B', 'C'],
      ['C', 'B', 'A'],
    ]) {
      const arcs = labels.map((label, i) => curved(label, [500, 900], 200 + i * 30, [210, 330]));
      const { x, y, from } = focalOf(planOf([arcs]));
      expect(from).toBe('rows');
      expect(x).toBeCloseTo(500, 0);
      // Not deep behind the edge of the stage: near the front row.
      expect(y).toBeGreaterThan(795);
      expect(y).toBeLessThan(900);
    }
  });

  it('is the middle of seats that stand around it, where rows tell nothing', () => {
    const around = Array.from({ length: 16 }, (_, i) => {
      const turn = (i / 16) * 2 * Math.PI;
      return rowOf('', [
        [500 * Math.cos(turn), 500 * Math.sin(turn)],
        [20 + 500 * Math.cos(turn), 500 * Math.sin(turn)],
      ]);
    });
    const focal = focalOf(planOf([around]));
    expect(focal.from).toBe('middle');
    expect([focal.x, focal.y].map(Math.round)).toEqual([10, 0]);
  });

  it('is the middle of the upper edge when nothing tells', () => {
    const rows = [straight('', 100), straight('', 130)];
    expect(focalOf(planOf([rows]))).toEqual({ x: 90, y: 100, from: 'edge' });
  });

  it('is in the public document with how it is known, and says so to people', () => {
    const { document, focal } = compilePlan(planOf([stalls], [box('Stage', 0, 0)]), { areas: [] });
    expect(parseDocument(document).focal).toEqual(focal);
    expect(focalReason(focal)).toBe('the plan draws "Stage" there');
  });
});
