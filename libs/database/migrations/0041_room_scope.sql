-- Before what it stands: 'hold', everybody sees the map; 'map', that needs an admission, too.
ALTER TABLE room ADD COLUMN scope text NOT NULL DEFAULT 'hold' CHECK (scope IN ('hold', 'map'));
-- What a gateway does that has not heard of rooms for long: false, it guards as before.
ALTER TABLE room ADD COLUMN fails_open boolean NOT NULL DEFAULT false;
-- Positions below it are served before it closes by itself; null: it goes on.
ALTER TABLE room ADD COLUMN drain_upto integer;
