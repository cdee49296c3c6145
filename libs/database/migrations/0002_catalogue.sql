-- The catalogue: venues, compiled seating plans, events, and the words people search for.
-- Written by imports in one transaction an event, read by everybody (docs/architecture).

-- Similarity of words, for searches with typos. Ships with Postgres, needs no superuser.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Keys are the folded forms (lower case, no accents) that filters compare.
CREATE TABLE venue (
  venue_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name     text NOT NULL,
  city     text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  city_key text COLLATE "C" NOT NULL,
  UNIQUE (city_key, name_key)
);

-- A seating plan as compiled, under the sha256 of its bytes. Never changes: a changed plan is
-- another plan. Shared by all events with the same plan and the same areas.
CREATE TABLE seating_plan (
  hash       text COLLATE "C" PRIMARY KEY,
  name       text NOT NULL,
  seat_count integer NOT NULL CHECK (seat_count >= 0),
  categories text[] NOT NULL,
  -- [{"name", "capacity", "category": index into categories}]
  areas      jsonb NOT NULL,
  -- What the owner of an event loads.
  compiled   bytea NOT NULL,
  -- What gateways serve.
  document   bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
-- Reading a plan is on the path of an event's activation; lz4 unpacks several times faster.
-- Without it (a server built without lz4) the default stays, which is only slower.
DO $$
BEGIN
  ALTER TABLE seating_plan ALTER COLUMN compiled SET COMPRESSION lz4;
  ALTER TABLE seating_plan ALTER COLUMN document SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;

CREATE TABLE event (
  event_id        text COLLATE "C" PRIMARY KEY,
  name            text NOT NULL,
  description     text NOT NULL,
  venue_id        bigint NOT NULL REFERENCES venue,
  performers      text[] NOT NULL,
  starts_at       timestamptz NOT NULL,
  -- Null: the sale opens only by command.
  on_sale_at      timestamptz,
  plan_hash       text COLLATE "C" NOT NULL REFERENCES seating_plan,
  currency        text COLLATE "C" NOT NULL,
  price_min_minor integer NOT NULL,
  price_max_minor integer NOT NULL,
  -- SaleRules: prices by category, limits, times to live.
  rules           jsonb NOT NULL,
  -- Folded words: name A, performers B, venue and city C.
  search          tsvector NOT NULL,
  imported_at     timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX event_start ON event (starts_at, event_id);
CREATE INDEX event_venue ON event (venue_id, starts_at);
-- Imports are rare and searches are not: no list of pending entries that every search must read.
CREATE INDEX event_search ON event USING gin (search) WITH (fastupdate = off);

-- Every word of every event once. A word of a search that no event has is replaced by its nearest
-- neighbours here: a list of words is far smaller than the events that use them.
CREATE TABLE search_word (
  word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX search_word_trigrams ON search_word USING gist (word gist_trgm_ops (siglen = 32));
