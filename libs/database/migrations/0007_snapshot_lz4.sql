-- Reading a snapshot is most of a failover; lz4 packs and unpacks several times faster. For new
-- snapshots: old ones are read as they are and soon replaced. Without lz4 the default stays.
DO $$
BEGIN
  ALTER TABLE snapshot ALTER COLUMN state SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
