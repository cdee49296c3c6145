import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { Role } from '#libs/contracts/roles.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { AuditId, AuditRow, HistoryBatch, Office, OfficeEvent, OwnedEvent } from './office.js';

/** The office over the tables that imports, journal and gateways write. */
export function createPostgresOffice(pool: Pool): Office {
  return {
    ...lookersAt(pool),
    async events({ organisers, after, limit }) {
      const { rows } = await pool.query<EventRow>({
        name: 'office-events',
        text: eventsSql,
        values: [organisers, after, limit],
      });
      return rows.map(eventOf);
    },
    async takings(eventId) {
      const { rows } = await pool.query<{ bookings: number; total: string }>({
        name: 'office-takings',
        text: takingsSql,
        values: [eventId],
      });
      return { bookings: rows[0].bookings, totalMinor: Number(rows[0].total) };
    },
    async history({ eventId, before }) {
      const { rows } = await pool.query<HistoryBatch>({
        name: 'office-history',
        text: historySql,
        values: [eventId, before, limits.historyBatchesMax, limits.historyBytesMax],
      });
      return rows;
    },
    async begin({ who, role, what, eventId, reason, trace }) {
      const { rows } = await pool.query<{ id: AuditId }>({
        name: 'office-begin',
        text: `INSERT INTO audit (who, role, what, event_id, reason, trace)
               VALUES ($1, $2, $3, $4, $5, $6) RETURNING audit_id AS id`,
        values: [who, role, what, eventId, reason, trace],
      });
      return rows[0].id;
    },
    async settle(id, outcome) {
      await pool.query({
        name: 'office-settle',
        text: 'UPDATE audit SET outcome = $2 WHERE audit_id = $1 AND outcome IS NULL',
        values: [id, outcome],
      });
    },
    async audit({ eventId, before, limit }) {
      const { rows } = await pool.query<StoredAudit>({
        name: 'office-audit',
        text: auditSql,
        values: [eventId, before, limit],
      });
      return rows.map(auditOf);
    },
    async forgetAudit(olderThanMs, most) {
      const { rowCount } = await pool.query({
        name: 'office-forget-audit',
        text: forgetSql,
        values: [olderThanMs, most],
      });
      return rowCount ?? 0;
    },
  };
}

/** What is shown of journals and owners, and asks no owner. */
function lookersAt(pool: Pool): Pick<Office, 'course' | 'owners' | 'quarantined'> {
  return {
    async course({ eventId, after }) {
      const { rows } = await pool.query<HistoryBatch>({
        name: 'office-course',
        text: courseSql,
        values: [eventId, after, limits.courseBatchesMax, limits.courseBytesMax],
      });
      return rows;
    },
    async owners(after, limit) {
      const { rows } = await pool.query<OwnedEvent>({
        name: 'office-owners',
        text: `${ownedSql} WHERE ownership.event_id > $1 ORDER BY ownership.event_id LIMIT $2`,
        values: [after, limit],
      });
      return rows;
    },
    async quarantined(limit) {
      const { rows } = await pool.query<OwnedEvent>({
        name: 'office-quarantined',
        text: `${ownedSql} WHERE quarantined IS NOT NULL ORDER BY ownership.event_id LIMIT $1`,
        values: [limit],
      });
      return rows;
    },
  };
}

interface EventRow {
  readonly event_id: EventId;
  readonly name: string;
  readonly organiser: string | null;
  readonly starts_at: Date;
}

const eventsSql = `
  SELECT event_id, name, organiser, starts_at FROM event
   WHERE event_id > $2 AND ($1::text[] IS NULL OR organiser = ANY ($1))
   ORDER BY event_id LIMIT $3`;

const eventOf = (row: EventRow): OfficeEvent => ({
  eventId: row.event_id,
  name: row.name,
  organiser: row.organiser,
  startsAtMs: row.starts_at.getTime(),
});

const takingsSql = `
  SELECT count(*)::integer AS bookings,
         coalesce(sum(total_minor - (SELECT coalesce(sum(amount_minor), 0) FROM refund
           WHERE refund.booking_id = booking.booking_id)), 0)::text AS total
    FROM booking WHERE event_id = $1 AND cancelled_at IS NULL`;

/** The lengths are known without reading what is measured: facts are stored as they are. */
const historySql = `
  SELECT batch_no AS "batchNo", first_seq AS "firstSeq", facts
    FROM (SELECT batch_no, first_seq, facts,
                 sum(octet_length(facts)) OVER (ORDER BY batch_no DESC) AS bytes,
                 row_number() OVER (ORDER BY batch_no DESC) AS place
            FROM (SELECT batch_no, first_seq, facts FROM journal
                   WHERE event_id = $1 AND ($2::integer IS NULL OR batch_no < $2)
                   ORDER BY batch_no DESC LIMIT $3) AS newest) AS measured
   WHERE bytes <= $4 OR place = 1
   ORDER BY batch_no DESC`;

/** As the history, from the other end. */
const courseSql = `
  SELECT batch_no AS "batchNo", first_seq AS "firstSeq", facts
    FROM (SELECT batch_no, first_seq, facts,
                 sum(octet_length(facts)) OVER (ORDER BY batch_no) AS bytes,
                 row_number() OVER (ORDER BY batch_no) AS place
            FROM (SELECT batch_no, first_seq, facts FROM journal
                   WHERE event_id = $1 AND batch_no > $2
                   ORDER BY batch_no LIMIT $3) AS oldest) AS measured
   WHERE bytes <= $4 OR place = 1
   ORDER BY batch_no`;

const ownedSql = `
  SELECT ownership.event_id AS "eventId", coalesce(event.name, '') AS name, shard AS owner, epoch,
         pinned_to AS "pinnedTo", quarantined
    FROM ownership LEFT JOIN event ON event.event_id = ownership.event_id`;

interface StoredAudit {
  readonly id: AuditId;
  readonly asked_at: Date;
  readonly who: string;
  readonly role: Role;
  readonly what: string;
  readonly event_id: EventId | null;
  readonly reason: string;
  readonly trace: string;
  readonly outcome: string | null;
}

const auditSql = `
  SELECT audit_id AS id, asked_at, who, role, what, event_id, reason, trace, outcome FROM audit
   WHERE event_id = $1 AND ($2::bigint IS NULL OR audit_id < $2)
   ORDER BY audit_id DESC LIMIT $3`;

/** Several gateways may do so at once: each takes rows that no other one does. */
const forgetSql = `
  DELETE FROM audit WHERE audit_id IN (
    SELECT audit_id FROM audit WHERE asked_at <= clock_timestamp() - $1 * interval '1 ms'
     ORDER BY asked_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const auditOf = ({ asked_at: askedAt, event_id: eventId, ...row }: StoredAudit): AuditRow => ({
  ...row,
  eventId,
  askedAtMs: askedAt.getTime(),
});
