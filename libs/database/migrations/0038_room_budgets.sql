-- An admission can end before its time, when its owner has what he came for or leaves; and what
-- became of it says how many of those who are admitted buy.
ALTER TABLE room_admission ADD COLUMN ended_at timestamptz;
-- Places that its owner had bought when it ended. Null: not looked at yet.
ALTER TABLE room_admission ADD COLUMN bought smallint;
CREATE INDEX room_admission_open ON room_admission (room_no, position) WHERE bought IS NULL;
CREATE INDEX room_admission_ended ON room_admission (ended_at) WHERE ended_at IS NOT NULL;

-- As in 0032, but an admission that has ended holds nobody back.
CREATE OR REPLACE FUNCTION room_requeue(no integer, who text, before integer, now timestamptz)
RETURNS SETOF room_place LANGUAGE plpgsql AS $$
DECLARE
  next integer;
BEGIN
  SELECT next_index INTO next FROM room WHERE room_no = no AND closed_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE room_place SET position = next
   WHERE room_no = no AND user_id = who AND (position IS NULL OR position = before)
     AND NOT EXISTS (SELECT FROM room_admission a
                      WHERE a.room_no = no AND a.position = before
                        AND coalesce(a.ended_at, a.until) > now);
  IF FOUND THEN UPDATE room SET next_index = next + 1 WHERE room_no = no; END IF;
  RETURN QUERY SELECT * FROM room_place WHERE room_no = no AND user_id = who;
END $$;

-- What its owner says of the event beside what is free.
ALTER TABLE room ADD COLUMN places_held integer;
ALTER TABLE room ADD COLUMN places_paying integer;
-- How many parties of one, of two, … could sit together.
ALTER TABLE room ADD COLUMN together integer[];
-- Of its rate, by how quickly the owner and payments answer.
ALTER TABLE room ADD COLUMN pace_percent smallint NOT NULL DEFAULT 100;
