-- What of a price is the booking fee, and what of it is tax (libs/catalogue/fees.ts). Prices of rules
-- are whole, fee and tax in them, so nothing that sells or charges asks here.
ALTER TABLE event
  ADD COLUMN fee_ticket_minor integer NOT NULL DEFAULT 0 CHECK (fee_ticket_minor >= 0),
  -- Thousandths of a per cent; the tax null: nothing is said of it.
  ADD COLUMN fee_milli        integer NOT NULL DEFAULT 0 CHECK (fee_milli >= 0),
  ADD COLUMN tax_milli        integer CHECK (tax_milli >= 0),
  -- Of a booking that its buyer gives back (libs/catalogue/cancellation.ts).
  ADD COLUMN cancel_keeps_fee boolean NOT NULL DEFAULT false;

-- Every price that an event has had with a fee or a tax in it: bookings of holds at older prices
-- find theirs. A price without a row is face value alone.
CREATE TABLE event_price (
  event_id      text COLLATE "C" NOT NULL REFERENCES event (event_id),
  price_minor   bigint NOT NULL,
  fee_minor     bigint NOT NULL,
  -- Of all of the price; fee_tax_minor is what of it is of the fee.
  tax_minor     bigint NOT NULL,
  fee_tax_minor bigint NOT NULL,
  said_at       timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (event_id, price_minor),
  CHECK (fee_minor BETWEEN 0 AND price_minor),
  CHECK (fee_tax_minor BETWEEN 0 AND fee_minor),
  CHECK (tax_minor - fee_tax_minor BETWEEN 0 AND price_minor - fee_minor)
);

-- What of the amount is fee and tax; null: an attempt from before, or one that was not told.
ALTER TABLE payment_attempt
  ADD COLUMN fee_minor     bigint,
  ADD COLUMN tax_minor     bigint,
  ADD COLUMN fee_tax_minor bigint;

-- What of that goes back.
ALTER TABLE refund
  ADD COLUMN fee_minor     bigint NOT NULL DEFAULT 0,
  ADD COLUMN tax_minor     bigint NOT NULL DEFAULT 0,
  ADD COLUMN fee_tax_minor bigint NOT NULL DEFAULT 0;
