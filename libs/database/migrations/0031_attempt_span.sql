-- The span of the request that made an attempt, when it is traced: its later steps are told under it.
-- NULL: it is not.
ALTER TABLE payment_attempt ADD COLUMN span text COLLATE "C";
