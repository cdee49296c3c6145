import { checkLines, type Check } from '../loadfaults/checks.js';
import type { Books } from './books.js';

/** What a trial found. */
export interface Trial {
  /** That does it again. */
  readonly command: string;
  readonly checks: readonly Check[];
  /** What is printed and not judged. */
  readonly counts: Readonly<Record<string, number | string>>;
  readonly books: Books;
  readonly wrong: readonly string[];
}

const wrongShown = 40;

/** For people. */
export function trialLines({ command, checks, counts, books, wrong }: Trial): string[] {
  return [
    ...Object.entries(counts).map(([name, value]) => `  ${name.padEnd(44)}${value}`),
    '',
    ...moneyLines(books),
    '',
    ...checkLines(checks),
    ...wrong.slice(0, wrongShown).map((line) => `  WRONG  ${line}`),
    '',
    `again: ${command}`,
    isClean(checks) ? 'verdict: everything agrees' : 'verdict: NOT CLEAN',
  ];
}

export const isClean = (checks: readonly Check[]): boolean => checks.every(({ holds }) => holds);

function moneyLines({ orders, byState, liveBookings, sums }: Books): string[] {
  const row = (cells: readonly (number | string)[]) =>
    `  ${cells.map((cell, i) => String(cell).padStart(i === 0 ? 0 : 12)).join('')}`;
  const states = Object.entries(byState).map(([state, count]) => `${state} ${count}`);
  return [
    `  ${orders} orders: ${states.join(', ')}; ${liveBookings} bookings live`,
    row(['   ', 'captured', 'refunded', 'disputed', 'live', 'kept']),
    ...sums.map(({ currency, captured, refunded, disputed, live, kept }) =>
      row([currency, captured, refunded, disputed, live, kept]),
    ),
  ];
}
