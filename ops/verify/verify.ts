import type pg from 'pg';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { decodeFacts, type EventId } from '#libs/inventory/inventory.js';
import type { Evidence } from '#libs/oracle/evidence.js';
import type { EventHistory } from '#libs/oracle/history.js';
import { judge } from '#libs/oracle/oracle.js';
import { readHistory } from '#libs/oracle/read-history.js';
import type { Verdict } from '#libs/oracle/verdict.js';

export interface Verified {
  readonly verdict: Verdict;
  readonly history: EventHistory;
}

/**
 * Verifies one event against its journal: chain, fold, tables, and what clients saw if they wrote
 * it down. Reads only, in one database snapshot; safe on an event that is being sold. Null: the
 * catalogue has no such event.
 */
export async function verifyEvent(
  pool: pg.Pool,
  eventId: string,
  evidence?: Evidence,
): Promise<Verified | null> {
  const layout = await createPostgresCatalogue(pool).layoutOf(eventId as EventId);
  if (layout === null) return null;
  const plan = {
    seatIds: layout.seats.ids,
    areaCapacities: layout.layout.areas.map((area) => area.capacity),
    categoryOfSeat: layout.layout.categoryOfSeat,
    flagsOfSeat: layout.layout.flagsOfSeat,
  };
  const history = await readHistory(pool, eventId);
  const withEvidence = evidence === undefined ? {} : { evidence };
  return { verdict: judge({ history, plan, decodeFacts, ...withEvidence }), history };
}
