import type pg from 'pg';
import { verifyEvent } from '#ops/verify/verify.js';
import type { Run } from './rounds.js';

/** What was acknowledged against what the journal has, and the whole check of each journal. */
export interface Safety {
  readonly acknowledged: number;
  readonly inJournal: number;
  readonly events: number;
  /** Empty: safe. */
  readonly violations: readonly string[];
}

export async function checkSafety(pool: pg.Pool, runs: readonly Run[]): Promise<Safety> {
  const violations: string[] = [];
  let acknowledged = 0;
  let inJournal = 0;
  let events = 0;
  for (const { eventId, result } of runs) {
    if (eventId === null) continue;
    const { made, wrong } = await seatsHeld(pool, eventId);
    const { accepted, errors, timeouts } = result.total;
    events++;
    acknowledged += accepted;
    inJournal += made;
    // Requests without an answer may have had their effect.
    if (made < accepted || made > accepted + errors + timeouts) {
      violations.push(`${eventId}: ${accepted} acknowledged, ${made} in the journal`);
    }
    violations.push(...wrong.map((text) => `${eventId}: ${text}`));
  }
  return { acknowledged, inJournal, events, violations };
}

/** Holds that the event's journal has, and what the check of the journal finds wrong. */
export async function seatsHeld(
  pool: pg.Pool,
  eventId: string,
): Promise<{ readonly made: number; readonly wrong: readonly string[] }> {
  const verified = await verifyEvent(pool, eventId);
  if (verified === null) throw new Error(`there is no event ${eventId}`);
  const { holds, checks } = verified.verdict;
  const failed = checks.filter(({ wrong }) => wrong > 0);
  return { made: holds.made, wrong: failed.map(({ name, examples }) => `${name}: ${examples[0]}`) };
}
