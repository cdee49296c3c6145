-- What can still be had of an event, as its owner counted it some seconds ago: for searches and
-- their filters, never for a hold. No row: nobody has bought, or an older release owns the event.
CREATE TABLE event_availability (
  event_id    text COLLATE "C" PRIMARY KEY,
  -- Of two counts the later one stays, whoever writes it last.
  epoch       bigint NOT NULL,
  version     bigint NOT NULL,
  -- Seats and places that are free and for sale.
  free        integer NOT NULL,
  sale_status text COLLATE "C" NOT NULL,
  -- Nobody can have anything, for now or for good.
  gone        boolean NOT NULL GENERATED ALWAYS AS (free = 0 OR sale_status = 'closed') STORED,
  counted_at  timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (fillfactor = 70);
CREATE INDEX event_availability_gone ON event_availability (event_id) WHERE gone;
