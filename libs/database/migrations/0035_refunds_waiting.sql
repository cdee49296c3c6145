-- Refunds that finance decides: counted every few seconds, and few of all that were ever made.
CREATE INDEX refund_failed ON refund (updated_at) WHERE state = 'FAILED';
