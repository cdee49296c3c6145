import type { PretixPlan } from '../pretix-plan.js';
import { ringOfSections, type SeatLook } from './drawing.js';

/**
 * An arena of 15,040 seats: a lower ring of 16 sections and an upper one of 24 around a standing
 * floor, with the stage at the top end. The floor is drawn here; how many it takes says the event.
 */
export const arenaFloor = 'Floor';

export function arenaPlan(): PretixPlan {
  const lower = ringOfSections({
    halfWidth: 1_400,
    halfHeight: 900,
    sections: 16,
    firstName: 101,
    rows: 20,
    seatsPerRow: 20,
    look: lowerLook,
  });
  const upper = ringOfSections({
    halfWidth: 2_100,
    halfHeight: 1_600,
    sections: 24,
    firstName: 201,
    rows: 18,
    seatsPerRow: 20,
    look: () => ({ category: 'Upper ring' }),
  });
  const ground = {
    name: 'Floor',
    position: { x: 0, y: 0 },
    rows: [],
    areas: [
      {
        shape: 'rectangle',
        text: 'Stage',
        color: '#34495e',
        position: { x: -400, y: -650 },
        rectangle: { width: 800, height: 250 },
      },
      {
        shape: 'rectangle',
        text: arenaFloor,
        color: '#e67e22',
        position: { x: -700, y: -350 },
        rectangle: { width: 1_400, height: 950 },
      },
    ],
  };
  return {
    name: 'Arena',
    categories: [
      { name: 'Front rows', color: '#c0392b' },
      { name: 'Lower ring', color: '#2980b9' },
      { name: 'Upper ring', color: '#7f8c8d' },
    ],
    zones: [ground, ...lower, ...upper],
  };
}

/** The last row of every lower section is level with the entrance: four places for wheelchairs. */
function lowerLook(row: number, seat: number): SeatLook {
  const category = row <= 5 ? 'Front rows' : 'Lower ring';
  if (row < 20 || seat > 4) return { category };
  return { category, ...(seat % 2 === 1 ? { wheelchair: true } : { companion: true }) };
}
