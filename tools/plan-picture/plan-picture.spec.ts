import { describe, expect, it } from '@jest/globals';
import { compilePlan } from '#libs/catalogue/compile-plan.js';
import { parseDocument } from '#libs/catalogue/plan-document.js';
import type { PretixPlan } from '#libs/catalogue/pretix-plan.js';
import { firstSold } from './best-seats.js';
import { planPicture } from './plan-picture.js';

/** Two stands on both sides of a pitch, the middle of the front rows dearer. */
function twoStands(): PretixPlan {
  const row = (label: string, y: number) => ({
    row_number: label,
    position: { x: 0, y },
    seats: Array.from({ length: 30 }, (_, i) => ({
      seat_guid: `${y}-${i}`,
      seat_number: String(i + 1),
      position: { x: i * 25, y: 0 },
      category: i === 0 ? 'Closed' : 'Seat & view',
    })),
  });
  const stand = (name: string, rows: readonly (readonly [string, number])[]) => ({
    name,
    position: { x: 0, y: 0 },
    rows: rows.map(([label, y]) => row(label, y)),
  });
  return {
    name: 'Two <stands>',
    categories: [{ name: 'Seat & view', color: '#0a0' }, { name: 'Closed' }],
    zones: [
      stand('North', [
        ['3', 0],
        ['2', 40],
        ['1', 80],
      ]),
      stand('South', [
        ['1', 400],
        ['2', 440],
        ['3', 480],
      ]),
    ],
  };
}

describe('the picture of a plan', () => {
  const compiled = compilePlan(twoStands(), { areas: [] });
  const document = parseDocument(compiled.document);
  const best = firstSold(compiled, 10, ['Closed']);

  it('marks the seats that are sold first: the middle of both front rows', () => {
    expect(best).toHaveLength(20);
    const rows = new Set(best.map((seat) => document.seats.y[seat]));
    expect([...rows].sort((a, b) => a - b)).toEqual([80, 400]);
    expect(best.every((seat) => Math.abs(document.seats.x[seat] - 362.5) <= 125)).toBe(true);
  });

  it('has every seat, the order of sale and the focal point', () => {
    const picture = planPicture(document, best);
    expect(picture.match(/<circle/g)).toHaveLength(180 + 20);
    expect(picture).toContain('>20</text>');
    expect(picture).toContain('Two &#60;stands&#62;: 180 seats, focal point from rows');
  });
});
