-- Payments that buyers' banks take back (apps/payments/disputes). One row is one dispute of the
-- provider's, made when it is first heard of; what it says is what the provider said when it was
-- last asked, and what of that is in the ledger.
CREATE TABLE dispute (
  dispute_id      text COLLATE "C" PRIMARY KEY,
  -- null: not asked yet, or of no payment of ours.
  attempt_id      text COLLATE "C" REFERENCES payment_attempt (attempt_id),
  -- The provider's word; null: not asked yet.
  status          text COLLATE "C",
  reason          text,
  amount_minor    bigint NOT NULL DEFAULT 0,
  -- When the provider no longer takes evidence.
  due_at          timestamptz(3),
  -- Of it out of the provider's account now, and what of that for good; as the ledger has it.
  withdrawn_minor bigint NOT NULL DEFAULT 0,
  lost_minor      bigint NOT NULL DEFAULT 0,
  -- Movements that were entered.
  turn            integer NOT NULL DEFAULT 0,
  -- The last thing that went wrong, for operators.
  error           text,
  -- How often somebody said that there is news of it, and how many of that were looked at.
  hints           integer NOT NULL DEFAULT 1,
  hints_seen      integer NOT NULL DEFAULT 0,
  tries           integer NOT NULL DEFAULT 0,
  next_try_at     timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  lease_owner     text COLLATE "C",
  lease_no        integer NOT NULL DEFAULT 0,
  lease_until     timestamptz NOT NULL DEFAULT '-infinity',
  created_at      timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  updated_at      timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  CHECK (lost_minor <= withdrawn_minor)
) WITH (fillfactor = 70);

CREATE INDEX dispute_attempt ON dispute (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX dispute_next ON dispute (next_try_at);
