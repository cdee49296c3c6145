-- The trace id of the request that made an attempt: it outlives the request, and its later steps
-- are found in the logs under the same word. Null in rows of before.
ALTER TABLE payment_attempt ADD COLUMN trace text COLLATE "C";
