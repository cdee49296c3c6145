-- Lets in at a position who stands there; the first time counts. The lock is that of room_requeue:
-- whoever was put behind meanwhile is not let in at the place that he has left, and the other way
-- round. It is shared, so that those who are let in do not wait for each other.
CREATE FUNCTION room_admit(no integer, at integer, who text, size smallint, ends timestamptz)
RETURNS SETOF room_admission LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM room WHERE room_no = no FOR SHARE;
  INSERT INTO room_admission (room_no, position, user_id, party, until)
  SELECT no, at, who, size, ends FROM room_place p
   WHERE p.room_no = no AND p.user_id = who AND coalesce(p.position, at) = at
  ON CONFLICT (room_no, position) DO NOTHING;
  RETURN QUERY SELECT * FROM room_admission a
                WHERE a.room_no = no AND a.position = at AND a.user_id = who;
END $$;
