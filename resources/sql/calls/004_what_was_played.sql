-- Which parts of a recording were played, and how much of it was heard, beside the place where the listener stopped.
ALTER TABLE positions ADD COLUMN heard_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE positions ADD COLUMN played TEXT NOT NULL DEFAULT '';  -- "0-1500 4000-9000", milliseconds
