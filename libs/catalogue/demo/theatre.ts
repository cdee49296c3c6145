import type { PretixPlan, PretixRow, PretixZone } from '../pretix-plan.js';
import { curvedRow, rowLetters, rowPitch, type SeatLook } from './drawing.js';

/**
 * A theatre of 622 seats: stalls with two aisles, circle and balcony behind, rows bent around the
 * stage. Two wheelchair spaces with companion seats at each end of the last row of the stalls;
 * the outer seats of the balcony have a restricted view.
 */
export function theatrePlan(): PretixPlan {
  const stage = { shape: 'rectangle', text: 'Stage', color: '#34495e' };
  const stalls = zone('Stalls', 14, (row) => {
    const wings = 5 + Math.floor(row / 5);
    return stallsRow(row, [wings, 12, wings]);
  });
  stalls.areas = [
    {
      ...stage,
      position: { x: -220, y: 120 },
      rectangle: { width: 440, height: 160 },
    },
  ];
  const circle = zone('Circle', 6, (row) => tierRow('C', row, [7, 14, 7], 15, circleLook));
  const balcony = zone('Balcony', 5, (row) => tierRow('B', row, [6, 12, 6], 22, balconyLook));
  return {
    name: 'Theatre',
    categories: [
      { name: 'Premium', color: '#8e44ad' },
      { name: 'Stalls', color: '#2980b9' },
      { name: 'Circle', color: '#27ae60' },
      { name: 'Balcony', color: '#f39c12' },
    ],
    zones: [stalls, circle, balcony],
  };
}

const firstRadius = 420;

function zone(name: string, rows: number, rowOf: (row: number) => PretixRow): PretixZone {
  return {
    name,
    position: { x: 1_000, y: 0 },
    rows: Array.from({ length: rows }, (_, row) => rowOf(row)),
  };
}

function stallsRow(row: number, blocks: readonly number[]): PretixRow {
  const isLast = row === 13;
  return curvedRow({
    label: rowLetters[row],
    idPrefix: 'S',
    blocks,
    radius: firstRadius + row * rowPitch,
    look: (seat, seatsInRow): SeatLook => {
      const fromEnd = Math.min(seat, seatsInRow + 1 - seat);
      if (isLast && fromEnd <= 4) {
        const space = fromEnd % 2 === 1;
        return { category: 'Stalls', ...(space ? { wheelchair: true } : { companion: true }) };
      }
      const central = fromEnd > blocks[0];
      return { category: row < 6 && central ? 'Premium' : 'Stalls' };
    },
  });
}

function tierRow(
  idPrefix: string,
  row: number,
  blocks: readonly number[],
  firstRow: number,
  look: (seat: number, seatsInRow: number) => SeatLook,
): PretixRow {
  const radius = firstRadius + (firstRow + row) * rowPitch;
  return curvedRow({ label: rowLetters[row], idPrefix, blocks, radius, look });
}

const circleLook = (): SeatLook => ({ category: 'Circle' });

function balconyLook(seat: number, seatsInRow: number): SeatLook {
  const atEnd = seat <= 2 || seat > seatsInRow - 2;
  return { category: 'Balcony', ...(atEnd ? { restricted_view: true } : {}) };
}
