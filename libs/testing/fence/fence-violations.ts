import type pg from 'pg';
import type { EventId } from '#libs/inventory/ids.js';
import type { Evidence } from './fence-torture.js';

/**
 * What must never be, read from the rows alone (not through the code under test):
 * a promised batch that is missing, a number used twice, an epoch that goes back, a batch of an old
 * owner behind the point from which a new one serves, an epoch with two owners, a group that failed
 * because of one of its events.
 */
export async function findViolations(
  pool: pg.Pool,
  events: readonly EventId[],
  evidence: Evidence,
): Promise<readonly string[]> {
  const violations = evidence.failures.map((message) => `a group failed: ${message}`);
  violations.push(...sharedEpochs(evidence));
  for (const eventId of events) {
    const { rows } = await pool.query<Row>(
      `SELECT batch_no, epoch, hash FROM journal WHERE event_id = $1 ORDER BY batch_no, epoch`,
      [eventId],
    );
    violations.push(...inOneHistory(rows).map((problem) => `${eventId}: ${problem}`));
    violations.push(...againstEvidence(rows, eventId, evidence));
  }
  return violations;
}

interface Row {
  readonly batch_no: number;
  readonly epoch: number;
  readonly hash: Buffer;
}

function sharedEpochs({ terms }: Evidence): string[] {
  const seen = new Set<string>();
  const shared: string[] = [];
  for (const { eventId, epoch } of terms) {
    const key = `${eventId} ${epoch}`;
    if (seen.has(key)) shared.push(`${key}: two owners in one epoch`);
    seen.add(key);
  }
  return shared;
}

function inOneHistory(rows: readonly Row[]): string[] {
  const problems: string[] = [];
  for (let i = 1; i < rows.length; i++) {
    const [before, row] = [rows[i - 1], rows[i]];
    if (row.batch_no === before.batch_no) problems.push(`batch ${row.batch_no} exists twice`);
    else if (row.batch_no !== before.batch_no + 1) problems.push(`gap before ${row.batch_no}`);
    if (row.epoch < before.epoch) problems.push(`batch ${row.batch_no} is of an older epoch`);
  }
  return problems;
}

function againstEvidence(rows: readonly Row[], eventId: EventId, evidence: Evidence): string[] {
  const problems: string[] = [];
  const hashes = new Set(rows.map((row) => row.hash.toString('hex')));
  for (const batch of evidence.acknowledged) {
    if (batch.eventId !== eventId) continue;
    if (!hashes.has(Buffer.from(batch.hash).toString('hex'))) {
      problems.push(`${eventId}: acknowledged batch ${batch.batchNo} is missing`);
    }
  }
  // From the end: the smallest epoch of all rows behind a place.
  const smallestBehind = new Map<number, number>();
  let smallest = Infinity;
  for (const row of [...rows].reverse()) {
    smallestBehind.set(row.batch_no - 1, (smallest = Math.min(smallest, row.epoch)));
  }
  for (const term of evidence.terms) {
    if (term.eventId !== eventId) continue;
    const behind = smallestBehind.get(term.tail.batchNo) ?? Infinity;
    if (behind < term.epoch) {
      problems.push(`${eventId}: epoch ${behind} wrote while epoch ${term.epoch} served`);
    }
  }
  return problems;
}
