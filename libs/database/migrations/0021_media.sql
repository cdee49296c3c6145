-- Pictures of events and venues (docs/reference/images.md): made by imports, served by gateways at
-- an address that is their hash.
CREATE TABLE media (
  -- sha256 of `bytes`, in hexadecimal.
  hash       text COLLATE "C" PRIMARY KEY,
  -- WebP.
  bytes      bytea NOT NULL,
  -- When an import saw that nothing names it. Removed a day later, if still nothing does.
  unnamed_at timestamptz
);
-- They are compressed already.
ALTER TABLE media ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX media_unnamed ON media (unnamed_at) WHERE unnamed_at IS NOT NULL;

-- `image_source` is the sha256 of the file that was imported, from which the two others were made.
-- All null: there is none. A build of before writes none of them, and takes none away.
ALTER TABLE event
  ADD COLUMN image_source    text COLLATE "C",
  ADD COLUMN image_thumbnail text COLLATE "C" REFERENCES media,
  ADD COLUMN image_large     text COLLATE "C" REFERENCES media,
  ADD CONSTRAINT event_image_whole
    CHECK (num_nulls(image_source, image_thumbnail, image_large) IN (0, 3));
ALTER TABLE venue
  ADD COLUMN image_source    text COLLATE "C",
  ADD COLUMN image_thumbnail text COLLATE "C" REFERENCES media,
  ADD COLUMN image_large     text COLLATE "C" REFERENCES media,
  ADD CONSTRAINT venue_image_whole
    CHECK (num_nulls(image_source, image_thumbnail, image_large) IN (0, 3));

-- Asked for each picture that may be removed.
CREATE INDEX event_image_thumbnail ON event (image_thumbnail) WHERE image_thumbnail IS NOT NULL;
CREATE INDEX event_image_large ON event (image_large) WHERE image_large IS NOT NULL;
CREATE INDEX venue_image_thumbnail ON venue (image_thumbnail) WHERE image_thumbnail IS NOT NULL;
CREATE INDEX venue_image_large ON venue (image_large) WHERE image_large IS NOT NULL;
