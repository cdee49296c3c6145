-- Why an attempt ends as it does: the refusal, or what the provider said. `error` is only the last
-- try that failed, and retries on the way to the end write over it.
ALTER TABLE payment_attempt ADD COLUMN reason text;
UPDATE payment_attempt SET reason = error
WHERE verdict IS NOT NULL OR state IN ('EXPIRED', 'FAILED', 'REJECTED');
