import { isBetter, type Found, type Search } from './block-search.js';
import type { InventoryState } from '../state/state.js';

/**
 * The best block of each row, kept from one search to the next. In a stampede everybody asks for
 * the same thing, and between two searches only the rows of the last block have changed: a search
 * looks at those again, and compares what it knows of the others.
 *
 * KR1  What is kept of a row is what a look at it would find now. It depends on the row's seats,
 *      whose changes are counted (`changesInRow`), and on the question, which names the kept rows.
 *      Where it depends on the time or on the cart as well (holds that are overdue, seats that the
 *      cart has already, seats of the pool that are released), nothing is kept, and nothing used.
 * KR2  An event keeps answers to a bounded number of questions; the least lately asked goes first.
 *      None of it is state: a snapshot does not have it, and answers are the same without it.
 */
export interface KeptRows {
  /** One more than the changes of the row when it was looked at; 0: never. */
  readonly seen: Uint32Array;
  /** First seat of the row's best block; -1: the row has none. */
  readonly first: Int32Array;
  readonly tier: Float64Array;
  readonly distance: Float64Array;
}

const questionsMax = 16;
/** Of one event, over all its questions: some 6 MB. */
const rowsKeptMax = 262_144;

const keptOf = new WeakMap<InventoryState, Map<string, KeptRows>>();

/** Those of this question; null: nothing of it can be kept. */
export function keptRows({ moment, filter, ...search }: Search): KeptRows | null {
  const { state, anyOverdue } = moment;
  if (anyOverdue || search.taken.length > 0 || search.release !== null) return null;
  const { rowCount } = state.layout;
  if (rowCount > rowsKeptMax) return null;
  const { quantity, wheelchairs, maySpare } = search;
  const question = `${quantity} ${wheelchairs} ${maySpare} ${filter.seatsAllowed}`;
  let questions = keptOf.get(state);
  if (questions === undefined) keptOf.set(state, (questions = new Map<string, KeptRows>()));
  const known = questions.get(question);
  // Behind all others: the first of them is the least lately asked.
  if (known !== undefined) questions.delete(question);
  const kept = known ?? emptyRows(rowCount);
  questions.set(question, kept);
  if (questions.size > Math.min(questionsMax, Math.floor(rowsKeptMax / Math.max(1, rowCount)))) {
    const [oldest] = questions.keys();
    questions.delete(oldest);
  }
  return kept;
}

function emptyRows(rowCount: number): KeptRows {
  return {
    seen: new Uint32Array(rowCount),
    first: new Int32Array(rowCount),
    tier: new Float64Array(rowCount),
    distance: new Float64Array(rowCount),
  };
}

/** The row's best block goes into `found`, when it is better; `look` is how a row is looked at. */
export function searchKept(
  kept: KeptRows,
  state: InventoryState,
  row: number,
  found: Found,
  look: (row: number, found: Found) => void,
): void {
  const changes = state.changesInRow[row] + 1;
  if (kept.seen[row] !== changes) {
    const best: Found = { first: -1, tier: Infinity, distance: Infinity };
    look(row, best);
    kept.seen[row] = changes;
    kept.first[row] = best.first;
    kept.tier[row] = best.tier;
    kept.distance[row] = best.distance;
  }
  const first = kept.first[row];
  if (first < 0 || !isBetter(found, kept.tier[row], kept.distance[row], first)) return;
  found.first = first;
  found.tier = kept.tier[row];
  found.distance = kept.distance[row];
}
