-- Rows are removed, oldest first, when they are older than gateways are told to keep them.
CREATE INDEX audit_asked ON audit (asked_at);
