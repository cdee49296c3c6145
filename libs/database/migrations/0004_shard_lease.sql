-- One row a shard process: when it last proved to the database that it is alive.
CREATE TABLE shard_lease (
  incarnation text PRIMARY KEY,
  shard_id    text NOT NULL,
  host        text NOT NULL,
  pid         integer NOT NULL,
  renewed_at  timestamptz NOT NULL
);
