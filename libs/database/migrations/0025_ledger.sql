-- The ledger (docs/operating/ledger.md): double entry, written once by the statement or the
-- transaction that moves the money, and never changed. Reserving money on a card moves none, so it
-- is not entered. `payment_ledger` stays for processes of the release before, which write it beside
-- this one; what they captured is entered here from payment_attempt, once, by whoever reconciles.
CREATE TABLE ledger_transaction (
  transaction_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- What it is for; cause_id names it: our id of an attempt, a refund or a dispute, the provider's
  -- of a balance transaction (fee) or a payout.
  cause           text COLLATE "C" NOT NULL
                    CHECK (cause IN ('attempt', 'refund', 'dispute', 'fee', 'payout')),
  cause_id        text COLLATE "C" NOT NULL CHECK (length(cause_id) BETWEEN 1 AND 200),
  -- What happened to it, such as `capture`.
  kind            text COLLATE "C" NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  -- Whose buyer's money it is; null: of no single attempt.
  attempt_id      text COLLATE "C",
  event_id        text COLLATE "C",
  -- Of its amounts. Null: an attempt from before decimals were kept, in the provider's units.
  currency_digits smallint CHECK (currency_digits BETWEEN 0 AND 4),
  -- When it happened; entered_at is when it was written down.
  at              timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  entered_at      timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  UNIQUE (cause, cause_id, kind)
);
CREATE INDEX ledger_transaction_attempt ON ledger_transaction (attempt_id);
CREATE INDEX ledger_transaction_at ON ledger_transaction (at);

CREATE TABLE ledger_entry (
  transaction_id bigint NOT NULL REFERENCES ledger_transaction,
  account        text COLLATE "C" NOT NULL CHECK (account IN (
                   'bank', 'provider_receivable', 'provider_fees', 'disputed_funds',
                   'ticket_sales', 'booking_fees', 'tax_payable')),
  currency       text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- Debits are positive.
  amount_minor   bigint NOT NULL CHECK (amount_minor <> 0),
  PRIMARY KEY (transaction_id, account, currency)
);

CREATE FUNCTION ledger_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_entry WHERE transaction_id = NEW.transaction_id)
     OR EXISTS (SELECT FROM ledger_entry WHERE transaction_id = NEW.transaction_id
                GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
    RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance';
  END IF;
  RETURN NULL;
END $$;

-- At the commit, when all its entries are there. One without entries is none.
CREATE CONSTRAINT TRIGGER ledger_balance AFTER INSERT ON ledger_transaction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();
CREATE CONSTRAINT TRIGGER ledger_balance AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();

CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger only grows: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
CREATE TRIGGER ledger_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
