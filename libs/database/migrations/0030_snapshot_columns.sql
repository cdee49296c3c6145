-- Level 5: facts are as at level 4, and snapshots are in columns. A database in use goes on as it
-- is until an operator has made sure that everybody reads them (holdfastctl upgrade finalize).
UPDATE fact_format SET level = 5
 WHERE NOT EXISTS (SELECT 1 FROM journal) AND NOT EXISTS (SELECT 1 FROM event);
