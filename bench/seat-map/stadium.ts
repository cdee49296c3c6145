import type { LayoutDocument } from '#libs/seat-map/layout-document.js';

/** Blocks in a ring around a field, each turned towards it. */
export function stadiumOf(blocks: number, rows: number, seats: number): LayoutDocument {
  const count = blocks * rows * seats;
  const [x, y] = [new Array<number>(count), new Array<number>(count)];
  const rowCount = blocks * rows;
  const inner = (blocks * (seats + 3) * 20) / (2 * Math.PI);
  for (let seat = 0; seat < count; seat += 1) {
    const row = Math.floor(seat / seats);
    const block = Math.floor(row / rows);
    const turn = (block / blocks) * 2 * Math.PI;
    const out = inner + (row % rows) * 22;
    const aside = ((seat % seats) - (seats - 1) / 2) * 20;
    x[seat] = Math.round((Math.cos(turn) * out - Math.sin(turn) * aside) * 100) / 100;
    y[seat] = Math.round((Math.sin(turn) * out + Math.cos(turn) * aside) * 100) / 100;
  }
  const each = <T>(length: number, make: (at: number) => T): T[] =>
    Array.from({ length }, (_none, at) => make(at));
  return {
    name: 'Stadium',
    focal: { x: 0, y: 0 },
    categories: each(3, (at) => ({ name: `Category ${at + 1}`, color: null })),
    sections: each(blocks, (at) => `Block ${at + 1}`),
    rows: {
      label: each(rowCount, (row) => String(1 + (row % rows))),
      section: each(rowCount, (row) => Math.floor(row / rows)),
      start: each(rowCount, (row) => row * seats),
    },
    seats: {
      id: each(count, (seat) => `s${seat}`),
      number: each(count, (seat) => String(1 + (seat % seats))),
      x,
      y,
      category: each(count, (seat) => Math.floor(seat / seats / 8) % 3),
      next: each(count, (seat) => (seat % seats === seats - 1 ? 0 : 1)),
      wheelchair: [],
      companion: [],
      restricted_view: [],
    },
  };
}
