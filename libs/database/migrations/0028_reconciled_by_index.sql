-- What the daily comparison of the money reads: the attempts of some days, and the booking of each.
CREATE INDEX payment_attempt_made ON payment_attempt (created_at);
CREATE INDEX booking_attempt ON booking (attempt_id);
