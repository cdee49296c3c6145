/**
 * The statements of the Postgres journal; trials/model/ownership.pml is their model. Safety (G1)
 * rests on three of them:
 *
 * Q1  A batch goes in only behind a predecessor with the writer's epoch and the hash it was built
 *     on. The look-up is a scalar subquery, which the planner cannot turn into a join.
 * Q2  ON CONFLICT DO NOTHING on the primary key: a batch number is used once, a collision costs its
 *     event only, and a statement that meets an uncommitted row waits for that row's fate.
 * Q3  Only an announce may follow a smaller epoch, and it must. It is the function
 *     journal_announce(), so that a busy old owner cannot stay ahead of it.
 *
 * The batches of a group travel as one binary parameter (prev_hash, hash, facts of each, one after
 * another) beside arrays of numbers: arrays of bytea would be sent as hexadecimal text.
 */
const group = `(
    SELECT event_id, batch_no, epoch, first_seq, last_seq,
      substring($8::bytea FROM start FOR 32) AS prev_hash,
      substring($8::bytea FROM start + 32 FOR 32) AS hash,
      substring($8::bytea FROM start + 64 FOR size) AS facts
    FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[])
      AS g (event_id, batch_no, epoch, first_seq, last_seq, start, size)
  )`;

/** A group of one, which nearly every group is while one event sells: no arrays to take apart. */
const single = `(
    VALUES ($1::text, $2::int, $3::int, $4::int, $5::int, $6::bytea, $7::bytea, $8::bytea)
  )`;

const insertFrom = (input: string): string => `
  INSERT INTO journal AS j
    (event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts)
  SELECT i.event_id, i.batch_no, i.epoch, i.first_seq, i.last_seq, i.prev_hash, i.hash, i.facts
  FROM ${input}
    AS i (event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts)
  WHERE (
    SELECT p.epoch = i.epoch
      AND p.hash = i.prev_hash
      AND p.last_seq + 1 = i.first_seq
    FROM journal p WHERE p.event_id = i.event_id AND p.batch_no = i.batch_no - 1
  )
  ON CONFLICT (event_id, batch_no) DO NOTHING
  RETURNING j.event_id`;

/** The hot path: batches that change nothing but the journal. Values: plainValues(). */
export const appendPlain = insertFrom(group);

/** The same for one batch. Values: singleValues(). */
export const appendSingle = insertFrom(single);

/**
 * With the rows that belong to the batches (J4). A row goes in only if its batch did; IS TRUE keeps
 * the planner from turning the hashed look-up into a join over the group.
 */
export const appendFull = `
  WITH inserted AS (${appendPlain}),
  woken AS (
    UPDATE ownership o SET wake_at = to_timestamp(w.wake_at_ms / 1000)
    FROM unnest($9::text[], $10::float8[]) AS w (event_id, wake_at_ms)
    WHERE o.event_id = w.event_id
      AND (w.event_id IN (SELECT event_id FROM inserted)) IS TRUE
  ),
  sold AS (
    SELECT * FROM jsonb_to_recordset($11::jsonb) AS b (
      event_id text, batch_no int, booking_id text, hold_id text, attempt_id text, user_id text,
      seats int[], areas jsonb, total_minor bigint, at_ms float8)
    WHERE (event_id IN (SELECT event_id FROM inserted)) IS TRUE
  ),
  sold_bookings AS (
    INSERT INTO booking (booking_id, event_id, batch_no, hold_id, attempt_id, user_id, seats,
      areas, total_minor, booked_at)
    SELECT booking_id, event_id, batch_no, hold_id, attempt_id, user_id, seats, areas,
      total_minor, to_timestamp(at_ms / 1000) FROM sold
  ),
  sold_seats AS (
    INSERT INTO booked_seat (event_id, seat, booking_id, batch_no)
    SELECT event_id, unnest(seats), booking_id, batch_no FROM sold
  ),
  freed AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($12::jsonb) AS c (
      event_id text, batch_no int, booking_id text, seats int[], whole boolean, at_ms float8)
    WHERE (event_id IN (SELECT event_id FROM inserted)) IS TRUE
  ),
  freed_seats AS (
    UPDATE booked_seat s SET cancelled_batch = f.batch_no FROM freed f
    WHERE s.booking_id = f.booking_id AND s.event_id = f.event_id
      AND s.seat = ANY (f.seats) AND s.cancelled_batch IS NULL
  ),
  freed_bookings AS (
    UPDATE booking b SET cancelled_at = to_timestamp(f.at_ms / 1000) FROM freed f
    WHERE b.booking_id = f.booking_id AND f.whole
  ),
  mail AS (
    INSERT INTO outbox (event_id, batch_no, topic, key, payload)
    SELECT event_id, batch_no, topic, key, coalesce(payload, 'null'::jsonb)
    FROM jsonb_to_recordset($13::jsonb)
      AS m (event_id text, batch_no int, topic text, key text, payload jsonb)
    WHERE (event_id IN (SELECT event_id FROM inserted)) IS TRUE
  )
  SELECT event_id FROM inserted`;

/**
 * Whose row is at this place? The message makes the answer a transaction of its own, so that with a
 * synchronous standby "it is mine" is said only when the standby has the batch too (G2).
 */
export const settleLook = `
  SELECT epoch, hash, pg_logical_emit_message(true, 'holdfast', 'settled') FROM journal
  WHERE event_id = $1 AND batch_no = $2`;

export const ownershipColumns = `
  event_id, shard, epoch, (extract(epoch FROM wake_at) * 1000)::float8 AS wake_at_ms, pinned_to,
  quarantined`;

export const compareAndSetOwner = `
  UPDATE ownership SET shard = $2, epoch = epoch + 1
  WHERE event_id = $1 AND epoch = $3
  RETURNING ${ownershipColumns}`;

/** Q3, see migrations/0001_journal.sql. Event, epoch, collisions to bear. */
export const announce = `
  SELECT event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts,
    (extract(epoch FROM written_at) * 1000)::float8 AS written_at_ms
  FROM journal_announce($1, $2, $3)`;

/** The row must not stay behind the journal, or nobody could ever take the event over. */
export const catchUpOwnership = `
  UPDATE ownership SET shard = NULL, epoch = $2
  WHERE event_id = $1 AND (epoch < $2 OR (epoch = $2 AND shard = $3))`;

export const batchColumns = `
  event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts,
  (extract(epoch FROM written_at) * 1000)::float8 AS written_at_ms`;

/** A page ends after so many batches, or with the batch that crosses so many bytes. */
const pageOf = (event: string, after: string, batches: string, bytes: string): string => `
  SELECT ${batchColumns} FROM (
    SELECT *, sum(octet_length(facts)) OVER (ORDER BY batch_no) - octet_length(facts) AS before
    FROM journal WHERE event_id = ${event} AND batch_no > ${after}
    ORDER BY batch_no LIMIT ${batches}
  ) page WHERE before < ${bytes} ORDER BY batch_no`;

export const readPage = pageOf('$1', '$2', '$3', '$4');

/** The same with its values in it, for `binaryRows`; the columns of `batchOfBinary` (rows.ts). */
export const readPageOf = (
  eventIdLiteral: string,
  afterBatchNo: number,
  batchesMax: number,
  bytesMax: number,
): string => pageOf(eventIdLiteral, `${afterBatchNo}`, `${batchesMax}`, `${bytesMax}`);

const pieceBytes = 256 * 1024;

/**
 * The newest snapshot before a batch, a row for each piece of its state. Concatenation makes the
 * stored value a plain one once; without it each piece would unpack the whole again.
 */
export const snapshotPieces = (eventIdLiteral: string, beforeBatchNo: number): string => `
  SELECT batch_no, epoch, seq, hash, digest, octet_length(state), start,
    substring(state FROM start + 1 FOR ${pieceBytes})
  FROM (
    SELECT batch_no, epoch, seq, hash, digest, state || ''::bytea AS state FROM snapshot
    WHERE event_id = ${eventIdLiteral} AND batch_no < ${beforeBatchNo}
    ORDER BY batch_no DESC LIMIT 1 OFFSET 0) s,
    generate_series(0, greatest(octet_length(state) - 1, 0), ${pieceBytes}) start`;

export const saveSnapshot = `
  INSERT INTO snapshot (event_id, batch_no, epoch, seq, hash, digest, state)
  SELECT $1::text, $2::int, $3::int, $4::int, $5::bytea, $6::text, $7::bytea
  WHERE EXISTS (
    SELECT 1 FROM journal WHERE event_id = $1 AND batch_no = $2::int AND epoch = $3::int
      AND hash = $5::bytea AND last_seq = $4::int)
  ON CONFLICT (event_id, batch_no) DO UPDATE
    SET digest = excluded.digest, state = excluded.state, saved_at = excluded.saved_at`;

export const dropOldSnapshots = `
  DELETE FROM snapshot WHERE event_id = $1 AND batch_no < (
    SELECT min(batch_no) FROM (
      SELECT batch_no FROM snapshot WHERE event_id = $1 ORDER BY batch_no DESC LIMIT $2) kept)`;

/** Ends a backend that is certainly the one we knew: process ids are used again. */
export const terminateBackend = `
  SELECT pg_terminate_backend(pid, $4) FROM pg_stat_activity
  WHERE pid = $1 AND application_name = $2 AND backend_start = $3::timestamptz`;

/** Ends the journal writers that an announce of this process waits for. */
export const terminateBlockers = `
  SELECT b.pid, pg_terminate_backend(b.pid) FROM pg_stat_activity w
  CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocking (pid)
  JOIN pg_stat_activity b ON b.pid = blocking.pid
  WHERE w.application_name = $1 AND w.wait_event_type = 'Lock'
    AND b.application_name LIKE 'hf-writer%'`;
