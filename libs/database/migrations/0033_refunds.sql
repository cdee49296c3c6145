-- Money that goes back (apps/payments/refunds). One row is one refund of one captured attempt, or
-- the cancellation of what was free; its state says which step comes next, and everything that a step
-- needs is in the row.
CREATE TABLE refund (
  refund_id          text COLLATE "C" PRIMARY KEY,
  attempt_id         text COLLATE "C" NOT NULL REFERENCES payment_attempt (attempt_id),
  booking_id         text COLLATE "C" NOT NULL,
  event_id           text COLLATE "C" NOT NULL,
  -- The buyer, not who asks.
  user_id            text COLLATE "C" NOT NULL,
  -- Who asks, and his key: the same key is the same refund (G4).
  asker              text COLLATE "C" NOT NULL,
  request_key        text COLLATE "C" NOT NULL CHECK (length(request_key) BETWEEN 1 AND 100),
  fingerprint        text COLLATE "C" NOT NULL,
  role               text COLLATE "C" NOT NULL,
  reason             text NOT NULL,
  state              text COLLATE "C" NOT NULL CHECK (state IN (
                       'REQUESTED', 'SEATS_FREED', 'SENT', 'DONE', 'FAILED', 'CLOSED')),
  -- What is no longer the buyer's; both empty: an amount alone.
  seats              integer[] NOT NULL,
  -- [{"area": area index, "quantity": places}]
  areas              jsonb NOT NULL,
  off_sale           boolean NOT NULL,
  -- What goes back, and what of the places' price is kept.
  amount_minor       bigint NOT NULL CHECK (amount_minor >= 0),
  kept_minor         bigint NOT NULL CHECK (kept_minor >= 0),
  currency           text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  currency_digits    smallint,
  payment_intent_id  text COLLATE "C",
  provider_refund_id text COLLATE "C",
  -- Why it failed.
  failure            text,
  -- The last thing that went wrong, for operators.
  error              text,
  -- Counts the provider's idempotency keys that were spent.
  key_no             integer NOT NULL DEFAULT 0,
  -- How often somebody said that there is news of it, and how many of that were looked at.
  hints              integer NOT NULL DEFAULT 0,
  hints_seen         integer NOT NULL DEFAULT 0,
  tries              integer NOT NULL DEFAULT 0,
  next_try_at        timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  lease_owner        text COLLATE "C",
  lease_no           integer NOT NULL DEFAULT 0,
  lease_until        timestamptz NOT NULL DEFAULT '-infinity',
  trace              text COLLATE "C" NOT NULL,
  created_at         timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  updated_at         timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  UNIQUE (asker, request_key)
) WITH (fillfactor = 70);

CREATE INDEX refund_attempt ON refund (attempt_id);
CREATE INDEX refund_booking ON refund (booking_id);
-- What is to be done.
CREATE INDEX refund_open ON refund (next_try_at)
  WHERE state IN ('REQUESTED', 'SEATS_FREED', 'SENT') OR hints <> hints_seen;
