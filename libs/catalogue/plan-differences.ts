import type { CompiledPlan } from './compile-plan.js';
import { parseDocument, type PlanDocument } from './plan-document.js';

/**
 * What an event's file and plan now say otherwise than the plan that the event was imported with.
 * Another build may number the same seats otherwise, find other neighbours or another stage: that
 * is no difference, and the event keeps what it has.
 */
export function planDifferences(stored: Uint8Array, plan: CompiledPlan): string[] {
  const before = parseDocument(stored);
  const now = parseDocument(plan.document);
  const fields: string[] = [];
  if (!sameLists(seatsOf(before), seatsOf(now))) fields.push('plan');
  if (!sameLists(areasOf(before), areasOf(now))) fields.push('areas');
  const { focal } = plan;
  const isSaid = focal.from === 'event' || focal.from === 'plan';
  if (isSaid && (before.focal.x !== now.focal.x || before.focal.y !== now.focal.y)) {
    fields.push('focal');
  }
  return fields;
}

/** One text a seat: its id, what it costs, where it stands and what it is called. Sorted. */
function seatsOf({ seats, rows, categories, sections }: PlanDocument): string[] {
  const lines: string[] = [];
  rows.start.forEach((start, row) => {
    const end = rows.start[row + 1] ?? seats.id.length;
    const called = [sections[rows.section[row]], rows.label[row]];
    for (let seat = start; seat < end; seat += 1) {
      const category = categories[seats.category[seat]].name;
      const place = [seats.x[seat], seats.y[seat]];
      lines.push(
        JSON.stringify([seats.id[seat], category, ...place, ...called, seats.number[seat]]),
      );
    }
  });
  return lines.sort();
}

const areasOf = ({ areas, categories }: PlanDocument): string[] =>
  areas.map((area) => JSON.stringify([area.name, area.capacity, categories[area.category].name]));

const sameLists = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, i) => line === b[i]);
