-- By what declined attempts are counted together beside their reservation and buyer: digest of the
-- payment token, the provider's fingerprint of the card, keyed hash of the address. Null: not known.
ALTER TABLE payment_attempt
  ADD COLUMN token_key   text COLLATE "C",
  ADD COLUMN card_key    text COLLATE "C",
  ADD COLUMN address_key text COLLATE "C";

-- Of declined attempts only: those that succeed pay nothing for them.
CREATE INDEX payment_attempt_declined_hold ON payment_attempt (hold_id, created_at)
  WHERE verdict = 'DECLINED';
CREATE INDEX payment_attempt_declined_user ON payment_attempt (user_id, created_at)
  WHERE verdict = 'DECLINED';
CREATE INDEX payment_attempt_declined_token ON payment_attempt (token_key, created_at)
  WHERE verdict = 'DECLINED';
CREATE INDEX payment_attempt_declined_card ON payment_attempt (card_key, created_at)
  WHERE verdict = 'DECLINED';
CREATE INDEX payment_attempt_declined_address ON payment_attempt (address_key, created_at)
  WHERE verdict = 'DECLINED';
