-- What providers besides the first tell: words of transcripts, details that a single read adds, agents by their ids.

CREATE TABLE agents (
    agent_row INTEGER PRIMARY KEY,
    account_row INTEGER NOT NULL REFERENCES accounts (account_row),
    remote_id TEXT NOT NULL,
    name TEXT,
    raw BLOB,
    UNIQUE (account_row, remote_id)
) STRICT;

-- Tables of their own, so that a search through transcripts reads nothing else and a list row stays short.
CREATE TABLE transcripts (
    call_row INTEGER PRIMARY KEY,
    text TEXT NOT NULL                -- one turn a line
) STRICT;

CREATE TABLE details (
    call_row INTEGER PRIMARY KEY,
    raw BLOB NOT NULL                 -- what the single read answered, beside call_texts.raw from the list
) STRICT;

ALTER TABLE calls ADD COLUMN latency_ms REAL;
ALTER TABLE calls ADD COLUMN computed TEXT;            -- JSON array of field names, NULL when empty
ALTER TABLE calls ADD COLUMN recording_found INTEGER;  -- what asking for the sound has shown, where rows do not say

-- What the pages were asked for; a cursor of another question is not gone on with.
ALTER TABLE cursors ADD COLUMN asked TEXT NOT NULL DEFAULT '';
