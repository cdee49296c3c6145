-- The level at which facts are written (libs/inventory/codec/fact-kinds.ts): every process that
-- reads the journal must know it. It only ever rises, by holdfastctl upgrade finalize. A database
-- that was in use before may still have processes on it that know level 1 alone; a fresh one has
-- none, and starts with the newest level of the release that makes it.
CREATE TABLE fact_format (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  level    integer NOT NULL CHECK (level > 0)
);

INSERT INTO fact_format (level)
SELECT CASE
  WHEN EXISTS (SELECT 1 FROM journal) OR EXISTS (SELECT 1 FROM event) THEN 1
  ELSE 2
END;
