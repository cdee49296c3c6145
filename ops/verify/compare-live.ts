import type { Fact } from '#libs/inventory/facts.js';
import type { SeatMapView } from '#libs/contracts/wire.js';
import {
  areaCounts,
  createState,
  decodeFacts,
  evolve,
  seatStatuses,
  type AreaIndex,
  type InventoryLayout,
  type InventoryState,
  type SaleRules,
} from '#libs/inventory/inventory.js';
import type { JournalRow } from '#libs/oracle/history.js';

/**
 * Folds the journal with the core up to and including a version, or as far as it goes. `seen` hears
 * of each fact that is folded.
 */
export function foldTo(
  rows: readonly JournalRow[],
  { layout, rules }: { readonly layout: InventoryLayout; readonly rules: SaleRules },
  until: (state: InventoryState, atMs: number) => boolean,
  seen: (fact: Fact) => void = () => undefined,
): InventoryState {
  const state = createState(layout, rules);
  for (const { facts } of rows) {
    for (const fact of facts.length === 0 ? [] : decodeFacts(facts)) {
      if (until(state, fact.atMs)) return state;
      evolve(state, fact);
      seen(fact);
    }
  }
  return state;
}

/** What the owner shows, against the journal folded to the same version. Empty: equal. */
export function compareLive(state: InventoryState, live: SeatMapView): string[] {
  if (state.version !== live.version) {
    return [`the owner is at version ${live.version}, the journal ends at ${state.version}`];
  }
  const problems: string[] = [];
  const statuses = seatStatuses(state);
  const different = statuses.findIndex((status, seat) => status !== live.statuses[seat]);
  if (different >= 0) {
    problems.push(
      `seat ${different} is ${live.statuses[different]} at its owner and ` +
        `${statuses[different]} in the journal`,
    );
  }
  live.areas.forEach((area, index) => {
    const folded = areaCounts(state, index as AreaIndex);
    const same =
      area.held === folded.held && area.booked === folded.booked && area.blocked === folded.blocked;
    if (!same) problems.push(`area ${index} differs between its owner and the journal`);
  });
  if (state.saleStatus !== live.saleStatus) problems.push('the sale status differs');
  return problems;
}
