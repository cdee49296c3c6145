import type { CompiledPlan } from './compile-plan.js';
import { parseDocument, type PlanDocument } from './plan-document.js';

/**
 * What an event's file and plan now say otherwise than the plan that the event was imported with,
 * in words. How many places an area has is not part of it: that can change.
 *
 * Another build may number the same seats otherwise, find other neighbours or another stage: that
 * is no difference, and the event keeps what it has.
 */
export function planDifferences(stored: Uint8Array, plan: CompiledPlan): string[] {
  const before = parseDocument(stored);
  const now = parseDocument(plan.document);
  const fields: string[] = [];
  const [seats, seatsNow] = [before.seats.id.length, now.seats.id.length];
  if (seats !== seatsNow) fields.push(`seats: ${seats} -> ${seatsNow}`);
  else if (!sameLists(seatsOf(before), seatsOf(now))) {
    fields.push(`plan: other names, places or categories of its ${seats} seats`);
  }
  const [areas, areasNow] = [areasOf(before), areasOf(now)];
  if (!sameLists(areas, areasNow)) fields.push(`areas: ${listed(areas)} -> ${listed(areasNow)}`);
  const { focal } = plan;
  const isSaid = focal.from === 'event' || focal.from === 'plan';
  if (isSaid && (before.focal.x !== now.focal.x || before.focal.y !== now.focal.y)) {
    fields.push(`focal: ${pointOf(before)} -> ${pointOf(now)}`);
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
  areas.map((area) => `${area.name} (${categories[area.category].name})`);

const pointOf = ({ focal }: PlanDocument): string => `${focal.x},${focal.y}`;
const listed = (names: readonly string[]): string => names.join(', ') || 'none';

const sameLists = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, i) => line === b[i]);
