import type { CompiledPlan } from './compile-plan.js';
import { parseDocument } from './plan-document.js';
import { planLabels } from './seat-labels.js';

/**
 * Seats that stand where another one stands, in words; null: none do. Plans in which blocks were
 * copied over each other are common, and the buyer sees one seat where two are sold.
 */
export function overlapNote(plan: CompiledPlan): string | null {
  const { rows, seats } = parseDocument(plan.document);
  const firstAt = new Map<string, number>();
  const pairs: [number, number][] = [];
  for (let seat = 0; seat < seats.x.length; seat++) {
    const spot = `${seats.x[seat]},${seats.y[seat]}`;
    const first = firstAt.get(spot);
    if (first === undefined) firstAt.set(spot, seat);
    else pairs.push([first, seat]);
  }
  if (pairs.length === 0) return null;
  const labels = planLabels(plan.layout, {
    numbers: seats.number,
    rowLabels: rows.label,
    rowPatterns: rows.row_label ?? null,
    seatPatterns: rows.seat_label ?? null,
  });
  const [[one, other]] = pairs;
  const verb = pairs.length === 1 ? 'seat stands' : 'seats stand';
  return (
    `${pairs.length} ${verb} where another one stands, and a map shows one of the two: ` +
    `"${labels.of(one)}" and "${labels.of(other)}"${pairs.length > 1 ? ', for example' : ''}`
  );
}
