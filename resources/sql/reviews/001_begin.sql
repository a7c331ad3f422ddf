-- What the supervisor did. Every row carries row_sum, a sum over all its other columns in table order: SQLite has no
-- page checksum and finds one bit flip in four by itself.

CREATE TABLE accounts (
    name TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    base_url TEXT NOT NULL,
    assumed_zone TEXT NOT NULL,
    page_size INTEGER NOT NULL,
    agent_is_first_channel INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- Append only. One row per thing done: kind is 'edit' or 'restore' (the local edit goes, the provider's value counts).
CREATE TABLE edits (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    field TEXT NOT NULL,
    kind TEXT NOT NULL,
    base TEXT,                        -- the provider's value that the supervisor saw
    value TEXT,                       -- NULL = cleared
    origin TEXT NOT NULL,
    edited_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- One row per edit, whatever becomes of it. The row of a field that no later one superseded is what counts.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY REFERENCES edits (sequence),
    account TEXT NOT NULL,
    provider TEXT,                    -- provider and base_url: which account it was when the edit was made;
    base_url TEXT,                    -- an edit never goes to another one. NULL = no such account was known
    remote_id TEXT NOT NULL,
    field TEXT NOT NULL,
    kind TEXT NOT NULL,
    base TEXT,
    value TEXT,
    origin TEXT NOT NULL,
    edited_at INTEGER NOT NULL,
    delivery TEXT NOT NULL UNIQUE,    -- UUID, the idempotency key of every attempt
    state TEXT NOT NULL,
    target TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try INTEGER,
    reason TEXT NOT NULL,
    superseded_by INTEGER,            -- sequence of the next edit of the same field of the same call
    row_sum INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX outbox_that_counts ON outbox (account, remote_id, field) WHERE superseded_by IS NULL;

-- Append only: what counted before and after.
CREATE TABLE history (
    line INTEGER PRIMARY KEY AUTOINCREMENT,
    sequence INTEGER NOT NULL UNIQUE REFERENCES edits (sequence),
    account TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    origin TEXT NOT NULL,
    at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

CREATE INDEX history_of_call ON history (account, remote_id);

CREATE TABLE drafts (
    account TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    field TEXT NOT NULL,
    base TEXT,
    text TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL,
    UNIQUE (account, remote_id, field)
) STRICT;
