-- The daily comparison of bookings, ledger and provider, a row for each day (UTC): who makes the row
-- does it.
CREATE TABLE reconciliation (
  day         date PRIMARY KEY,
  begun_at    timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- Null: it runs, or its process died.
  ended_at    timestamptz(3),
  -- Attempts, those that were under way, and differences.
  looked      integer,
  pending     integer,
  found       integer,
  -- The first of them, as `holdfastctl payments reconcile --json` shows them.
  differences jsonb NOT NULL DEFAULT '[]'
);
