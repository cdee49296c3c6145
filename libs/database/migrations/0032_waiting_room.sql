-- A waiting room before the holds of an event. The newest row of an event is its room.
CREATE TABLE room (
  room_no          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id         text COLLATE "C" NOT NULL,
  -- Grows with each change but those of joins: who changes it names what he read.
  revision         integer NOT NULL DEFAULT 1,
  opens_at         timestamptz NOT NULL,
  draws_at         timestamptz NOT NULL,
  rate_per_minute  integer NOT NULL,
  active_max       integer NOT NULL,
  claim_ms         integer NOT NULL,
  admission_ms     integer NOT NULL,
  party_max        smallint NOT NULL,
  -- Of the draw; its hash is published from the start, itself when the draw is done.
  secret           bytea NOT NULL,
  sign_key         bytea NOT NULL,
  verify_key       bytea NOT NULL,
  -- Hands out the indexes. Under its lock everybody comes before the draw or behind it.
  next_index       integer NOT NULL DEFAULT 0,
  -- How many are drawn from; null: the draw is still to come.
  entrants         integer,
  -- The tree of those who came: its newest head, and what is needed to go on.
  head_size        integer NOT NULL DEFAULT 0,
  head_root        bytea,
  head_at          timestamptz,
  head_final       boolean NOT NULL DEFAULT false,
  head_signature   bytea,
  peaks            bytea NOT NULL DEFAULT '',
  -- Positions below it were called.
  serving          integer NOT NULL DEFAULT 0,
  paced_until      timestamptz,
  paused           boolean NOT NULL DEFAULT false,
  -- Places of the event that are free; null: its owner has not said.
  places_free      integer,
  -- Nothing is free, held or being paid for.
  sold_out         boolean NOT NULL DEFAULT false,
  message          text NOT NULL DEFAULT '',
  closed_at        timestamptz,
  made_at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX room_of_event ON room (event_id) WHERE closed_at IS NULL;
CREATE INDEX room_closed ON room (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX room_newest ON room (event_id, room_no);

-- One place for each person and room.
CREATE TABLE room_place (
  room_no      integer NOT NULL,
  place_index  integer NOT NULL,
  -- Of who came after the draw, or came again after his turn. Null: drawn.
  position     integer,
  party        smallint NOT NULL,
  nonce        text COLLATE "C" NOT NULL,
  user_id      text COLLATE "C" NOT NULL,
  entry        bytea NOT NULL,
  PRIMARY KEY (room_no, user_id)
);
ALTER TABLE room_place ALTER COLUMN entry SET STORAGE PLAIN;
CREATE INDEX room_place_index ON room_place (room_no, place_index);

-- Hashes of the tree of the entrants, 256 a row; level 0 has its leaves.
CREATE TABLE room_tile (
  room_no  integer NOT NULL,
  level    smallint NOT NULL,
  tile_no  integer NOT NULL,
  hashes   bytea NOT NULL,
  PRIMARY KEY (room_no, level, tile_no)
);
ALTER TABLE room_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- When which positions were called.
CREATE TABLE room_call (
  room_no  integer NOT NULL,
  upto     integer NOT NULL,
  at       timestamptz NOT NULL,
  PRIMARY KEY (room_no, upto)
);

-- Who came when called.
CREATE TABLE room_admission (
  room_no   integer NOT NULL,
  position  integer NOT NULL,
  user_id   text COLLATE "C" NOT NULL,
  party     smallint NOT NULL,
  until     timestamptz NOT NULL,
  PRIMARY KEY (room_no, position)
);
CREATE INDEX room_admission_until ON room_admission (room_no, until);

-- Gives a place to each of them who has none, and says which one everybody has. The lock comes
-- first, and what follows sees all that others did under it: an index is used for a row that goes
-- in, and for nothing else. No row: the room is closed.
CREATE FUNCTION room_join(no integer, users text[], nonces text[], parties smallint[],
                          entries bytea[])
RETURNS SETOF room_place LANGUAGE plpgsql AS $$
DECLARE
  next integer;
  drawn boolean;
  came integer;
BEGIN
  SELECT next_index, entrants IS NOT NULL INTO next, drawn
    FROM room WHERE room_no = no AND closed_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  WITH wanted AS (
    SELECT DISTINCT ON (w.user_id) w.* FROM unnest(users, nonces, parties, entries)
      WITH ORDINALITY AS w (user_id, nonce, party, entry, at) ORDER BY w.user_id, w.at
  ), fresh AS (
    SELECT w.*, next + (row_number() OVER (ORDER BY w.at))::integer - 1 AS place_index
      FROM wanted w
     WHERE NOT EXISTS (SELECT FROM room_place p WHERE p.room_no = no AND p.user_id = w.user_id)
  )
  INSERT INTO room_place (room_no, place_index, position, party, nonce, user_id, entry)
  SELECT no, f.place_index, CASE WHEN drawn THEN f.place_index END, f.party, f.nonce, f.user_id,
         f.entry
    FROM fresh f ORDER BY f.place_index;
  GET DIAGNOSTICS came = ROW_COUNT;
  IF came > 0 THEN UPDATE room SET next_index = next + came WHERE room_no = no; END IF;
  RETURN QUERY SELECT * FROM room_place WHERE room_no = no AND user_id = ANY (users);
END $$;

-- Who missed his turn, or let its time pass, goes behind all others, once: `before` is where he was.
CREATE FUNCTION room_requeue(no integer, who text, before integer, now timestamptz)
RETURNS SETOF room_place LANGUAGE plpgsql AS $$
DECLARE
  next integer;
BEGIN
  SELECT next_index INTO next FROM room WHERE room_no = no AND closed_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE room_place SET position = next
   WHERE room_no = no AND user_id = who AND (position IS NULL OR position = before)
     AND NOT EXISTS (SELECT FROM room_admission a
                      WHERE a.room_no = no AND a.position = before AND a.until > now);
  IF FOUND THEN UPDATE room SET next_index = next + 1 WHERE room_no = no; END IF;
  RETURN QUERY SELECT * FROM room_place WHERE room_no = no AND user_id = who;
END $$;
