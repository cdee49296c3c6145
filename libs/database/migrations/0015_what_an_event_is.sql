-- What an event is and when, and how it is found (docs/architecture.md).

-- Of the venue, by its IANA name. Null: the file gave an offset only, or none.
ALTER TABLE event ADD COLUMN time_zone text COLLATE "C";
ALTER TABLE event ADD COLUMN type text COLLATE "C" NOT NULL DEFAULT 'other'
  CHECK (type IN ('concert', 'theatre', 'sport', 'film', 'family', 'other'));

-- The day on the calendar at the venue; of events without an offset, in UTC.
ALTER TABLE event ADD COLUMN start_day date NOT NULL GENERATED ALWAYS AS (
  (((starts_at AT TIME ZONE 'UTC')
    + coalesce(utc_offset_minutes, 0) * interval '1 minute'))::date
) STORED;

-- Lists by start are read from this index alone, also those of certain days.
DROP INDEX event_start;
CREATE INDEX event_start ON event (starts_at, event_id) INCLUDE (start_day);

-- How `search` was derived (searchVersion in the code). A lower number is derived again by the next
-- gateway that starts or sees the change; 0 = by a build that did not know of it.
ALTER TABLE event ADD COLUMN search_version smallint NOT NULL DEFAULT 0;
CREATE INDEX event_search_version ON event (search_version);

-- Keys of venues are derived too.
ALTER TABLE venue ADD COLUMN search_version smallint NOT NULL DEFAULT 0;

-- Cities in all spellings by which their events are found, for those who misspell one.
CREATE TABLE search_city (
  word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX search_city_trigrams ON search_city USING gist (word gist_trgm_ops (siglen = 32));

-- How many events have a term of `search`, so that the size of a large answer is known without
-- counting it. Neighbouring words typed as one, and names of signs, are never common. The term of
-- no letters stands for all events.
CREATE TABLE search_term (
  term   text COLLATE "C" PRIMARY KEY,
  events integer NOT NULL
);
INSERT INTO search_term
  SELECT word, ndoc FROM ts_stat('SELECT search FROM event') WHERE word !~ '^[+=]'
  UNION ALL SELECT '', count(*) FROM event;

-- Each statement once, in the order of the terms: no two writers wait for each other in a circle.
CREATE FUNCTION count_search_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO search_term AS t
      SELECT term, count(*) FROM new_events, unnest(tsvector_to_array(search) || '{""}') AS term
       WHERE term !~ '^[+=]' GROUP BY term ORDER BY term COLLATE "C"
      ON CONFLICT (term) DO UPDATE SET events = t.events + EXCLUDED.events;
  ELSE
    INSERT INTO search_term AS t
      SELECT term, sum(change) FROM (
        SELECT unnest(tsvector_to_array(search)) AS term, 1 AS change FROM new_events
        UNION ALL SELECT unnest(tsvector_to_array(search)), -1 FROM old_events) AS changes
       WHERE term !~ '^[+=]' GROUP BY term HAVING sum(change) <> 0 ORDER BY term COLLATE "C"
      ON CONFLICT (term) DO UPDATE SET events = t.events + EXCLUDED.events;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER event_terms_inserted AFTER INSERT ON event
  REFERENCING NEW TABLE AS new_events
  FOR EACH STATEMENT EXECUTE FUNCTION count_search_terms();
CREATE TRIGGER event_terms_updated AFTER UPDATE ON event
  REFERENCING OLD TABLE AS old_events NEW TABLE AS new_events
  FOR EACH STATEMENT EXECUTE FUNCTION count_search_terms();

-- A row for each change of what is shown, for the caches of gateways. A transaction that was not
-- over at one look is at or after the oldest that was running then: `tx` finds it at the next.
CREATE TABLE catalogue_change (
  change_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tx         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  event_id   text COLLATE "C" NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX catalogue_change_tx ON catalogue_change (tx);

CREATE FUNCTION note_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalogue_change (event_id) VALUES (NEW.event_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER event_changed AFTER INSERT OR UPDATE ON event
  FOR EACH ROW EXECUTE FUNCTION note_event_change();

CREATE FUNCTION note_venue_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalogue_change (event_id) SELECT event_id FROM event WHERE venue_id = NEW.venue_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER venue_changed AFTER UPDATE ON venue
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_venue_change();

-- Whoever changes a name without its search (or is of a build that derives less: it knows of no
-- type) leaves a row that must be derived again.
CREATE FUNCTION mark_search_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.search::text NOT LIKE '%''#%'
     OR (NEW.search = OLD.search
         AND (NEW.name, NEW.performers, NEW.venue_id, NEW.type)
             IS DISTINCT FROM (OLD.name, OLD.performers, OLD.venue_id, OLD.type)) THEN
    NEW.search_version := 0;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER event_search_stale BEFORE UPDATE ON event
  FOR EACH ROW EXECUTE FUNCTION mark_search_stale();
