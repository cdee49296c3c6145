import type { PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { AuditRequest } from './office.js';

/**
 * Puts on record what a transaction does, within it: it is done and on record, or neither. For
 * what is no fact of an event's journal. A reason of more than `recordedReasonLengthMax` characters
 * is cut there.
 */
export async function recordDone(client: PoolClient, request: AuditRequest): Promise<void> {
  const { who, role, what, eventId, reason, trace } = request;
  const most = limits.recordedReasonLengthMax;
  const kept = reason.length > most ? `${reason.slice(0, most - 3)}...` : reason;
  await client.query({
    name: 'office-record',
    text: `INSERT INTO audit (who, role, what, event_id, reason, trace, outcome)
           VALUES ($1, $2, $3, $4, $5, $6, 'done')`,
    values: [who, role, what, eventId, kept, trace],
  });
}
