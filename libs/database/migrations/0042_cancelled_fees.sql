-- Of bookings of an event that does not take place: whether their booking fees stay.
ALTER TABLE event_cancellation ADD COLUMN keeps_booking_fee boolean NOT NULL DEFAULT false;
