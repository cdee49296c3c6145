-- The money saga (docs/architecture: "Payments"). One row is one attempt to pay for one hold;
-- its state says which step comes next, and everything a step needs is in the row.
CREATE TABLE payment_attempt (
  attempt_id        text COLLATE "C" PRIMARY KEY,
  booking_id        text COLLATE "C" NOT NULL UNIQUE,
  user_id           text COLLATE "C" NOT NULL,
  hold_id           text COLLATE "C" NOT NULL,
  event_id          text COLLATE "C" NOT NULL,
  idempotency_key   text COLLATE "C" NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 100),
  -- Digest of the request's body: the same key with another body is refused (G4).
  fingerprint       text COLLATE "C" NOT NULL,
  -- Forgotten when the attempt is settled.
  payment_token     text COLLATE "C",
  state             text COLLATE "C" NOT NULL CHECK (state IN (
                      'STARTED', 'AUTHORISING', 'AUTHORISED', 'BOOKED', 'VOIDING', 'RELEASING',
                      'UNBOOKING', 'CAPTURED', 'DECLINED', 'EXPIRED', 'FAILED', 'REJECTED')),
  -- Where an attempt that is being undone ends.
  verdict           text COLLATE "C" CHECK (verdict IN ('DECLINED', 'EXPIRED', 'FAILED')),
  -- What BeginPayment answered; empty before.
  seats             integer[] NOT NULL DEFAULT '{}',
  -- [{"area": area index, "quantity": places}]
  areas             jsonb NOT NULL DEFAULT '[]',
  amount_minor      bigint NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
  currency          text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- Until when the hold waits for this payment.
  deadline_at       timestamptz(3),
  payment_intent_id text COLLATE "C",
  decline_code      text COLLATE "C",
  -- The last thing that went wrong, for operators.
  error             text,
  -- Counts the provider's idempotency keys that were spent in the present state.
  key_no            integer NOT NULL DEFAULT 0,
  -- Failed tries of the present step, and when the next one is due.
  tries             integer NOT NULL DEFAULT 0,
  next_try_at       timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  -- Who works on it. lease_no grows with every change of hands and fences the former worker.
  lease_owner       text COLLATE "C",
  lease_no          integer NOT NULL DEFAULT 0,
  lease_until       timestamptz NOT NULL DEFAULT '-infinity',
  created_at        timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  updated_at        timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  UNIQUE (user_id, idempotency_key)
) WITH (fillfactor = 70);

-- One live attempt of a buyer for a hold, whatever the idempotency keys.
CREATE UNIQUE INDEX payment_attempt_live ON payment_attempt (user_id, hold_id)
  WHERE state NOT IN ('CAPTURED', 'DECLINED', 'EXPIRED', 'FAILED', 'REJECTED');
-- What the recovery scan reads.
CREATE INDEX payment_attempt_open ON payment_attempt (next_try_at)
  WHERE state NOT IN ('CAPTURED', 'DECLINED', 'EXPIRED', 'FAILED', 'REJECTED');
CREATE INDEX payment_attempt_user ON payment_attempt (user_id, created_at DESC, booking_id DESC);

-- Double entry: the rows of one step of one attempt add up to nothing, and are written by the
-- statement that moves the attempt's state. Debits are positive.
CREATE TABLE payment_ledger (
  attempt_id   text COLLATE "C" NOT NULL REFERENCES payment_attempt (attempt_id),
  step         text COLLATE "C" NOT NULL CHECK (step IN ('authorise', 'void', 'capture')),
  account      text COLLATE "C" NOT NULL CHECK (account IN (
                 'buyer_authorised', 'authorisations', 'provider_receivable', 'ticket_sales')),
  amount_minor bigint NOT NULL,
  currency     text COLLATE "C" NOT NULL,
  at           timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (attempt_id, step, account)
);
