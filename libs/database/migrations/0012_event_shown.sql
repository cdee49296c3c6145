-- What buyers are shown of an event beside its names. The offset is that of the clock at the venue,
-- as the event file has it: a moment alone does not say what time it is there. Null: not known, as
-- in rows of before.
ALTER TABLE event ADD COLUMN utc_offset_minutes smallint;
-- Of a picture whose bytes never change. Null: there is none.
ALTER TABLE event ADD COLUMN thumbnail_url text;
