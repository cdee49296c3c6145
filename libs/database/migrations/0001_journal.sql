-- The journal and what is written with it (docs/architecture: "The journal").
-- Times are timestamptz, ids are compared bytewise, and numbers fit a JavaScript number.

-- One row is one batch of facts of one event. Rows are only ever added; the predecessor check of
-- the append statement and this primary key are the fence (G1).
CREATE TABLE journal (
  event_id   text COLLATE "C" NOT NULL,
  batch_no   integer NOT NULL CHECK (batch_no >= 1),
  epoch      integer NOT NULL CHECK (epoch >= 1),
  first_seq  integer NOT NULL CHECK (first_seq >= 1),
  -- first_seq - 1 when the batch has no facts (an announce).
  last_seq   integer NOT NULL CHECK (last_seq >= first_seq - 1),
  prev_hash  bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
  hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
  facts      bytea NOT NULL,
  written_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (event_id, batch_no)
) WITH (toast_tuple_target = 8160, autovacuum_vacuum_insert_scale_factor = 0.5);

-- Facts are packed already: compressing them again costs the append more than it saves.
ALTER TABLE journal ALTER COLUMN facts SET STORAGE EXTERNAL;

-- Opens an epoch: puts an announce behind the tail, whatever the tail is by now. The only way to
-- put a row behind a smaller epoch. It reads, hashes and inserts here, in the server, because the
-- old owner may be appending all the while: a taker that had to ask for the tail again after each
-- collision would always be one round trip late. Every statement of the loop sees what was
-- committed before it, and the insert waits for the fate of a row that is in its way.
-- No row comes back when the epoch is not above the tail's, or after too many collisions.
-- The hash is that of libs/journal/batch-hash.ts, for a batch without facts.
CREATE FUNCTION journal_announce(of_event text, new_epoch integer, attempts integer)
RETURNS SETOF journal LANGUAGE plpgsql AS $$
DECLARE
  tail      journal;
  next_no   integer;
  next_seq  integer;
  prev      bytea;
BEGIN
  FOR attempt IN 1..attempts LOOP
    SELECT * INTO tail FROM journal j WHERE j.event_id = of_event ORDER BY j.batch_no DESC LIMIT 1;
    EXIT WHEN tail.epoch >= new_epoch;
    next_no := coalesce(tail.batch_no, 0) + 1;
    next_seq := coalesce(tail.last_seq, 0) + 1;
    prev := coalesce(tail.hash, decode(repeat('00', 32), 'hex'));
    RETURN QUERY
      INSERT INTO journal (event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts)
      VALUES (of_event, next_no, new_epoch, next_seq, next_seq - 1, prev,
        sha256('holdfast batch 1'::bytea || prev
          || int2send(octet_length(of_event)::smallint) || convert_to(of_event, 'UTF8')
          || int4send(next_no) || int4send(new_epoch)
          || int4send(next_seq) || int4send(next_seq - 1)),
        '')
      ON CONFLICT (event_id, batch_no) DO NOTHING
      RETURNING *;
    EXIT WHEN FOUND;
  END LOOP;
END
$$;

CREATE TABLE snapshot (
  event_id text COLLATE "C" NOT NULL,
  batch_no integer NOT NULL,
  epoch    integer NOT NULL,
  seq      integer NOT NULL,
  hash     bytea NOT NULL CHECK (octet_length(hash) = 32),
  digest   text NOT NULL,
  state    bytea NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (event_id, batch_no)
);

-- Who owns an event. Advisory: it makes take-overs orderly, the journal makes them safe.
-- An imported event starts with epoch 0 and no owner; wake_at is the time its sale opens, if set.
CREATE TABLE ownership (
  event_id  text COLLATE "C" PRIMARY KEY,
  -- Incarnation of the owner, null when nobody owns the event.
  shard     text COLLATE "C",
  epoch     integer NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  wake_at   timestamptz,
  pinned_to text COLLATE "C"
) WITH (fillfactor = 70);
CREATE INDEX ownership_wake ON ownership (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX ownership_shard ON ownership (shard) WHERE shard IS NOT NULL;

-- A booking as sold. Which of its seats are still sold is in booked_seat.
CREATE TABLE booking (
  booking_id   text COLLATE "C" PRIMARY KEY,
  event_id     text COLLATE "C" NOT NULL,
  batch_no     integer NOT NULL,
  hold_id      text COLLATE "C" NOT NULL,
  attempt_id   text COLLATE "C" NOT NULL,
  user_id      text COLLATE "C" NOT NULL,
  seats        integer[] NOT NULL,
  -- [{"area": area index, "quantity": places}]
  areas        jsonb NOT NULL,
  total_minor  bigint NOT NULL,
  booked_at    timestamptz NOT NULL,
  -- Set when nothing of the booking is left.
  cancelled_at timestamptz
);
CREATE INDEX booking_user ON booking (user_id, booked_at DESC);
CREATE INDEX booking_event ON booking (event_id, booked_at);

-- Every sale of a seat. The partial unique index is the third enforcement of G1: whatever the
-- actor and the fence believe, the database does not sell a seat that is sold.
CREATE TABLE booked_seat (
  event_id        text COLLATE "C" NOT NULL,
  seat            integer NOT NULL CHECK (seat >= 0),
  booking_id      text COLLATE "C" NOT NULL,
  batch_no        integer NOT NULL,
  cancelled_batch integer
);
CREATE UNIQUE INDEX booked_seat_live ON booked_seat (event_id, seat)
  WHERE cancelled_batch IS NULL;
CREATE INDEX booked_seat_booking ON booked_seat (booking_id);

-- Work for other processes, at least once. Ids are given before commit, so a reader must look for
-- rows that are not done, never for ids above the last one it saw.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id   text COLLATE "C" NOT NULL,
  batch_no   integer NOT NULL,
  topic      text NOT NULL,
  key        text NOT NULL,
  payload    jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  done_at    timestamptz
);
CREATE INDEX outbox_open ON outbox (id) WHERE done_at IS NULL;
