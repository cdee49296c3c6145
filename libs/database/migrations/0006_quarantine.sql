-- Why nobody may serve the event, null for all that may be. Set by the shard that found the journal
-- behind what it had acknowledged, or that broke on it; taken away by an operator.
ALTER TABLE ownership ADD COLUMN quarantined text;
