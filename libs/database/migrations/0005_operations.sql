-- What operators set for all processes at once, by name.
CREATE TABLE setting (
  name   text COLLATE "C" PRIMARY KEY,
  value  jsonb NOT NULL,
  set_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
