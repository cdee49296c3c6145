import {
  usualRules,
  type InventoryLayout,
  type MinorUnits,
  type SaleRules,
  type TimeMs,
} from '#libs/inventory/inventory.js';

/** A hall of `rows` rows with `seatsPerRow` seats each, one category, one section, no aisles. */
export function smallHall(rows: number, seatsPerRow: number): InventoryLayout {
  const seatCount = rows * seatsPerRow;
  const seats = Array.from({ length: seatCount }, (_, seat) => seat);
  return {
    hash: `hall-${rows}x${seatsPerRow}`.padEnd(64, '0'),
    seatCount,
    rowCount: rows,
    rowStart: Uint32Array.from({ length: rows + 1 }, (_, row) => row * seatsPerRow),
    rowOfSeat: Uint32Array.from(seats, (seat) => Math.floor(seat / seatsPerRow)),
    neighbourNext: Uint8Array.from(seats, (seat) => ((seat + 1) % seatsPerRow === 0 ? 0 : 1)),
    categoryOfSeat: new Uint16Array(seatCount),
    sectionOfRow: new Uint16Array(rows),
    flagsOfSeat: new Uint8Array(seatCount),
    x: Float32Array.from(seats, (seat) => (seat % seatsPerRow) * 50),
    y: Float32Array.from(seats, (seat) => Math.floor(seat / seatsPerRow) * 80),
    focalX: (seatsPerRow * 50) / 2,
    focalY: -200,
    categories: ['Stalls'],
    sections: ['Hall'],
    areas: [{ name: 'Floor', capacity: 100, category: 0 }],
  };
}

export function saleRules(over: Partial<SaleRules> = {}): SaleRules {
  return {
    prices: [5_000 as MinorUnits],
    currency: 'EUR',
    opensAtMs: 0 as TimeMs,
    endsAtMs: null,
    buyers: 'guest',
    holdTtlMs: 60_000,
    holdTtlMsMax: 600_000,
    paymentTtlMs: 120_000,
    placesPerHoldMax: 10,
    placesPerBuyerMax: 100,
    strandedSingles: 'allow',
    ...usualRules,
    ...over,
  };
}
