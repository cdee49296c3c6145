-- Whether buyers may give their bookings back themselves (libs/catalogue/cancellation.ts): until
-- when, and what is kept of each place. Both null: they may not, as in what was imported before.
ALTER TABLE event
  ADD COLUMN cancel_until     timestamptz(3),
  ADD COLUMN cancel_fee_minor integer CHECK (cancel_fee_minor >= 0),
  ADD CONSTRAINT event_cancellation_whole
    CHECK ((cancel_until IS NULL) = (cancel_fee_minor IS NULL));
