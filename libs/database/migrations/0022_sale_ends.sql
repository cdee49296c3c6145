-- How many sales are over, which is asked before those of a search are counted one by one
-- (docs/reference/search.md).
CREATE INDEX event_sale_ends ON event (sale_ends_at) WHERE sale_ends_at IS NOT NULL;
