import { snapshotDigest } from '#libs/actor/snapshot-digest.js';
import {
  createState,
  decodeFacts,
  decodeState,
  encodeState,
  evolve,
  snapshotFormatOf,
  type EventId,
  type InventoryLayout,
  type InventoryState,
  type SaleRules,
} from '#libs/inventory/inventory.js';
import type { Journal, StoredSnapshot } from '#libs/journal/journal.js';
import type { JournalRow } from '#libs/oracle/history.js';

/**
 * Stored snapshots against the journal (G9). An owner passes over one whose digest is wrong; it
 * would believe one that was changed together with its digest. So each is compared with the fold:
 * same batch, same hash, same bytes.
 */
export interface Plan {
  readonly layout: InventoryLayout;
  readonly rules: SaleRules;
}

/** Oldest first. Read them before the journal: what they are of is durable, so it is in there. */
export async function readSnapshots(
  journal: Pick<Journal, 'snapshots'>,
  eventId: EventId,
): Promise<StoredSnapshot[]> {
  const snapshots: StoredSnapshot[] = [];
  for await (const snapshot of journal.snapshots(eventId)) snapshots.unshift(snapshot);
  return snapshots;
}

/** What is wrong, each with the snapshot's batch. Throws where the journal itself does not fold. */
export function wrongSnapshots(
  snapshots: readonly StoredSnapshot[],
  rows: readonly JournalRow[],
  plan: Plan,
): string[] {
  const problems: string[] = [];
  const suspects: StoredSnapshot[] = [];
  for (const snapshot of snapshots) {
    const problem = ownProblem(snapshot, plan);
    if (problem === null) suspects.push(snapshot);
    else if (problem !== anotherFormat) problems.push(`${nameOf(snapshot)}: ${problem}`);
  }
  const state = createState(plan.layout, plan.rules);
  let next = 0;
  for (const snapshot of suspects) {
    while (next < rows.length && rows[next].batchNo <= snapshot.batchNo) fold(state, rows[next++]);
    const row = rows.at(next - 1);
    const problem = row === undefined ? 'the journal is empty' : difference(snapshot, row, state);
    if (problem !== null) problems.push(`${nameOf(snapshot)}: ${problem}`);
  }
  return problems;
}

const nameOf = ({ batchNo }: StoredSnapshot): string => `snapshot of batch ${batchNo}`;

const anotherFormat = 'another format';

/** Without the journal. A format that this build does not know is passed over, and not wrong. */
function ownProblem({ state, digest }: StoredSnapshot, { layout, rules }: Plan): string | null {
  if (snapshotDigest(state) !== digest) return 'its bytes do not match its digest';
  try {
    decodeState(layout, rules, state);
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return /snapshot format \d+ is unknown/.test(words) ? anotherFormat : words;
  }
}

function fold(state: InventoryState, { facts }: JournalRow): void {
  for (const fact of facts.length === 0 ? [] : decodeFacts(facts)) evolve(state, fact);
}

function difference(
  snapshot: StoredSnapshot,
  row: JournalRow,
  state: InventoryState,
): string | null {
  if (row.batchNo !== snapshot.batchNo) return `the journal ends at batch ${row.batchNo}`;
  if (Buffer.compare(row.hash, snapshot.hash) !== 0) return 'its batch has another hash';
  if (row.epoch !== snapshot.epoch) return `its batch is of epoch ${row.epoch}`;
  if (state.version !== snapshot.seq) return `the journal is at version ${state.version} there`;
  const format = snapshotFormatOf(snapshot.state) ?? undefined;
  const same = Buffer.compare(encodeState(state, format), snapshot.state) === 0;
  return same ? null : 'it is not what the journal folds to';
}
