-- Whose event it is, as the event file and the tokens of its people name him. Null: nobody's, as
-- are all that releases before import; only staff sees its sales.
ALTER TABLE event ADD COLUMN organiser text COLLATE "C";
CREATE INDEX event_organiser ON event (organiser, event_id) WHERE organiser IS NOT NULL;

-- What people with a role asked for: written before it is tried, settled after it. The facts of an
-- event say what became of it; this says why, and also what was refused. Rows are never removed.
CREATE TABLE audit (
  audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- As the facts have him.
  who      text COLLATE "C" NOT NULL,
  role     text COLLATE "C" NOT NULL,
  what     text COLLATE "C" NOT NULL,
  -- Null: about no event.
  event_id text COLLATE "C",
  reason   text NOT NULL,
  -- By which the logs tell more.
  trace    text COLLATE "C" NOT NULL,
  -- done, refused: and why, unknown. Null: it was never heard of again.
  outcome  text COLLATE "C"
);
CREATE INDEX audit_event ON audit (event_id, audit_id);
