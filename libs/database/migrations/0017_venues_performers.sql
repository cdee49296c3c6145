-- Venues and performers as things of their own (docs/reference/venues-and-performers.md). A build of
-- before writes their names alone, and takes nothing away.

-- All of it optional: what no file has said is not known.
ALTER TABLE venue
  ADD COLUMN address text,
  ADD COLUMN capacity integer CHECK (capacity > 0),
  -- IANA name.
  ADD COLUMN time_zone text COLLATE "C";

-- A performer is its name, letter by letter: events have the names. Rows are made by the triggers
-- below, whoever writes the event, and stay.
CREATE TABLE performer (
  performer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text NOT NULL UNIQUE,
  description  text NOT NULL DEFAULT '',
  -- https addresses.
  links        text[] NOT NULL DEFAULT '{}'
);
INSERT INTO performer (name)
  SELECT DISTINCT p.name FROM event e, unnest(e.performers) AS p (name) ORDER BY p.name;
CREATE INDEX event_performers ON event USING gin (performers) WITH (fastupdate = off);

-- In one order: no two writers wait for each other in a circle.
CREATE FUNCTION name_performers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO performer (name)
    SELECT DISTINCT p.name FROM unnest(NEW.performers) AS p (name) ORDER BY p.name
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER event_performers_named AFTER INSERT ON event
  FOR EACH ROW EXECUTE FUNCTION name_performers();
CREATE TRIGGER event_performers_renamed AFTER UPDATE ON event
  FOR EACH ROW WHEN (OLD.performers IS DISTINCT FROM NEW.performers)
  EXECUTE FUNCTION name_performers();

CREATE FUNCTION note_performer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalogue_change (event_id)
    SELECT event_id FROM event WHERE performers @> ARRAY[NEW.name];
  RETURN NULL;
END
$$;
CREATE TRIGGER performer_changed AFTER UPDATE ON performer
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_performer_change();

-- When the sale ends, from the rules. Null: never.
ALTER TABLE event ADD COLUMN sale_ends_at timestamptz GENERATED ALWAYS AS (
  to_timestamp((rules ->> 'endsAtMs')::float8 / 1000)
) STORED;

-- What is still to come at a venue: what begins later, and what sells on after its start.
DROP INDEX event_venue;
CREATE INDEX event_venue ON event (venue_id, greatest(starts_at, sale_ends_at));
