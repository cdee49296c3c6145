import type { PretixPlan } from '../pretix-plan.js';
import { ringOfSections, type Ring, type SeatLook } from './drawing.js';

/** A stadium of exactly 50,000 seats: three tiers of straight blocks around the pitch. */
export function stadiumPlan(): PretixPlan {
  const rings: readonly Ring[] = [
    {
      halfWidth: 2_800,
      halfHeight: 1_700,
      sections: 32,
      firstName: 101,
      rows: 25,
      seatsPerRow: 20,
      look: lowerLook,
    },
    {
      halfWidth: 3_600,
      halfHeight: 2_500,
      sections: 32,
      firstName: 201,
      rows: 20,
      seatsPerRow: 25,
      look: () => ({ category: 'Middle tier' }),
    },
    {
      halfWidth: 4_300,
      halfHeight: 3_200,
      sections: 40,
      firstName: 301,
      rows: 18,
      seatsPerRow: 25,
      look: (row, seat) => ({
        category: 'Upper tier',
        // Behind the pillars of the roof.
        ...(row >= 16 && seat === 13 ? { restricted_view: true } : {}),
      }),
    },
  ];
  const pitch = {
    shape: 'rectangle',
    text: 'Pitch',
    color: '#27ae60',
    position: { x: -1_600, y: -1_000 },
    rectangle: { width: 3_200, height: 2_000 },
  };
  return {
    name: 'Stadium',
    categories: [
      { name: 'Pitch side', color: '#c0392b' },
      { name: 'Lower tier', color: '#2980b9' },
      { name: 'Middle tier', color: '#16a085' },
      { name: 'Upper tier', color: '#7f8c8d' },
    ],
    zones: [
      { name: 'Pitch', position: { x: 0, y: 0 }, rows: [], areas: [pitch] },
      ...rings.flatMap(ringOfSections),
    ],
  };
}

function lowerLook(row: number, seat: number): SeatLook {
  const category = row <= 6 ? 'Pitch side' : 'Lower tier';
  if (row < 25 || seat > 4) return { category };
  return { category, ...(seat % 2 === 1 ? { wheelchair: true } : { companion: true }) };
}
