-- A place that was given on, because nobody came to it in time, is not his any more who comes
-- late: a gateway that stood still, or a statement that was long on its way. Positions below this
-- one were given on by the last call.
ALTER TABLE room ADD COLUMN lapsed_below integer NOT NULL DEFAULT 0;

-- As in 0040, and nobody at a place that was given on.
CREATE OR REPLACE FUNCTION
  room_admit(no integer, at integer, who text, size smallint, ends timestamptz)
RETURNS SETOF room_admission LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM room WHERE room_no = no FOR SHARE;
  INSERT INTO room_admission (room_no, position, user_id, party, until)
  SELECT no, at, who, size, ends FROM room_place p JOIN room USING (room_no)
   WHERE p.room_no = no AND p.user_id = who AND coalesce(p.position, at) = at
     AND at >= room.lapsed_below
  ON CONFLICT (room_no, position) DO NOTHING;
  RETURN QUERY SELECT * FROM room_admission a
                WHERE a.room_no = no AND a.position = at AND a.user_id = who;
END $$;

-- Calls positions below `calls`, on what was counted: of those below `below` that were not given on
-- yet, and whose time is over, `claimed` had come. Who came to one of them since then was not
-- reckoned with, so nobody is called: it is counted again. The lock lets those who are let in at
-- this moment end.
CREATE FUNCTION room_call(no integer, seen integer, calls integer, paced timestamptz,
  called timestamptz, below integer, claimed integer)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM room WHERE room_no = no FOR UPDATE;
  IF claimed <> (SELECT count(*) FROM room_admission JOIN room USING (room_no)
                  WHERE room_no = no AND position >= lapsed_below AND position < below) THEN
    RETURN false;
  END IF;
  UPDATE room SET serving = calls, paced_until = paced, revision = revision + 1,
                  lapsed_below = greatest(lapsed_below, below)
   WHERE room_no = no AND revision = seen AND closed_at IS NULL AND serving < calls;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO room_call VALUES (no, calls, called);
  RETURN true;
END $$;
