-- What the payment provider said by webhook, once for each event however often it is sent: it is
-- recorded by the transaction in which it has its effect.
CREATE TABLE provider_event (
  event_id   text COLLATE "C" PRIMARY KEY,
  type       text COLLATE "C" NOT NULL,
  -- Of the attempt that it is about; of no attempt of ours, or of one of another database.
  attempt_id text COLLATE "C",
  -- By the provider's clock.
  created_at timestamptz(3) NOT NULL,
  heard_at   timestamptz(3) NOT NULL DEFAULT statement_timestamp()
);

CREATE INDEX provider_event_heard ON provider_event (heard_at);
