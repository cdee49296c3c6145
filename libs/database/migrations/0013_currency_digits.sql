-- How many decimals the amounts of an event have. Releases before took that from Node at each use,
-- where it moved within a major version; from here on it is kept with the prices, and amounts that
-- were stored are never reinterpreted. Null in rows of before, and in those that a process of the
-- release before still writes beside this one: for them a table of what every Node said that could
-- have run it decides (libs/contracts/money/digits-of-before.ts). Where those do not agree (COP,
-- HUF, IDR, PKR, RSD) only the event's file can tell: until it was imported once more with
-- --update, nothing of such an event is charged.
ALTER TABLE event ADD COLUMN currency_digits smallint CHECK (currency_digits BETWEEN 0 AND 4);

-- Of the amount that is charged. Null in rows of before: their amounts were sent as they are, and
-- a request that is repeated under its key must not change (docs/architecture: "Payments").
ALTER TABLE payment_attempt ADD COLUMN currency_digits smallint
  CHECK (currency_digits BETWEEN 0 AND 4);
