import type { LayoutDocument } from '../layout-document.js';

/**
 * A made-up house: sections of straight rows, 20 units between neighbours, 25 between rows, an
 * aisle of 100 between sections, that stand beside each other up to `across`.
 */
export interface Hall {
  readonly sections: number;
  readonly rows: number;
  readonly seats: number;
  readonly across?: number;
}

export function hallOf({ sections, rows, seats, across = 4 }: Hall): LayoutDocument {
  const columns = {
    id: [],
    number: [],
    x: [],
    y: [],
    category: [],
    next: [],
  } as {
    readonly id: string[];
    readonly number: string[];
    readonly x: number[];
    readonly y: number[];
    readonly category: number[];
    readonly next: number[];
  };
  const start: number[] = [];
  const section: number[] = [];
  const label: string[] = [];
  for (let one = 0; one < sections; one += 1) {
    const left = (one % across) * (seats * 20 + 100);
    const top = Math.floor(one / across) * (rows * 25 + 100);
    for (let row = 0; row < rows; row += 1) {
      start.push(columns.id.length);
      section.push(one);
      label.push(String.fromCharCode(65 + (row % 26)));
      for (let seat = 0; seat < seats; seat += 1) {
        columns.id.push(`s${one}-${row}-${seat}`);
        columns.number.push(String(seat + 1));
        columns.x.push(left + seat * 20);
        columns.y.push(top + row * 25);
        columns.category.push(one % 3);
        columns.next.push(seat + 1 < seats ? 1 : 0);
      }
    }
  }
  return {
    name: 'Hall',
    focal: { x: 0, y: -50 },
    categories: ['Front', 'Middle', 'Back'].map((name) => ({
      name,
      color: null,
    })),
    sections: Array.from({ length: sections }, (_none, one) => `Block ${one + 1}`),
    rows: { label, section, start },
    seats: { ...columns, wheelchair: [], companion: [], restricted_view: [] },
  };
}
