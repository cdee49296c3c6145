-- Events that do not take place (apps/payments/cancellation). One row is one event and the way of
-- its money back: how far the round over its bookings is, and who goes on with it.
CREATE TABLE event_cancellation (
  event_id            text COLLATE "C" PRIMARY KEY,
  state               text COLLATE "C" NOT NULL CHECK (state IN (
                        'REQUESTED', 'REFUNDING', 'DONE')),
  asker               text COLLATE "C" NOT NULL,
  role                text COLLATE "C" NOT NULL,
  reason              text NOT NULL,
  -- Kept of each place.
  fee_per_place_minor bigint NOT NULL CHECK (fee_per_place_minor >= 0),
  -- The last booking that was asked for in this round, as booking_event has them in order.
  cursor_at           timestamptz NOT NULL DEFAULT '-infinity',
  cursor_id           text COLLATE "C" NOT NULL DEFAULT '',
  -- The last thing that went wrong, for operators.
  error               text,
  tries               integer NOT NULL DEFAULT 0,
  next_try_at         timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  lease_owner         text COLLATE "C",
  lease_no            integer NOT NULL DEFAULT 0,
  lease_until         timestamptz NOT NULL DEFAULT '-infinity',
  trace               text COLLATE "C" NOT NULL,
  created_at          timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  -- When there was nothing more to do.
  ended_at            timestamptz(3),
  CHECK ((state = 'DONE') = (ended_at IS NOT NULL))
) WITH (fillfactor = 70);

CREATE INDEX event_cancellation_open ON event_cancellation (next_try_at) WHERE state <> 'DONE';

-- Bookings of such an event that were asked for and did not go back, each with the reason.
CREATE TABLE event_cancellation_left (
  event_id   text COLLATE "C" NOT NULL REFERENCES event_cancellation (event_id),
  booking_id text COLLATE "C" NOT NULL,
  reason     text COLLATE "C" NOT NULL,
  PRIMARY KEY (event_id, booking_id)
);

-- As buyers are told. The fact in the event's journal decides; this follows it.
ALTER TABLE event ADD COLUMN cancelled_at timestamptz(3);
