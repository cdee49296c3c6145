-- Rules of a running event change by commands of its owner; what its row has is how gateways see
-- them. The revision is that of the fact, so that of two changes the later one stays, in whatever
-- order they are written here. The capacities are those of the plan until they are changed.
ALTER TABLE event
  ADD COLUMN rules_revision integer NOT NULL DEFAULT 0,
  ADD COLUMN area_capacities integer[];

-- Facts of level 3 say what each place costs, and that rules changed. A database in use goes on as
-- it is until an operator has made sure that everybody reads them (holdfastctl upgrade finalize).
UPDATE fact_format SET level = 3
 WHERE NOT EXISTS (SELECT 1 FROM journal) AND NOT EXISTS (SELECT 1 FROM event);
