-- Facts of level 4: places booked after their hold, cancelled places off sale, and the end of an
-- event. A database in use goes on as it is until an operator has made sure that everybody reads
-- them (holdfastctl upgrade finalize).
UPDATE fact_format SET level = 4
 WHERE NOT EXISTS (SELECT 1 FROM journal) AND NOT EXISTS (SELECT 1 FROM event);

-- Should the money come when the hold is gone and its seats are sold: the buyer agreed to as many
-- together, of the same category and total.
ALTER TABLE payment_attempt ADD COLUMN accept_alternative boolean NOT NULL DEFAULT false;
