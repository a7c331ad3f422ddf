-- What the providers said. Numbers for enums are defined by models/domain/call.h and never change their meaning.
-- Times are milliseconds since 1970 in UTC; NULL is "no value", which is neither zero nor "".

CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    account_row INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE campaigns (
    campaign_row INTEGER PRIMARY KEY,
    account_row INTEGER NOT NULL REFERENCES accounts (account_row),
    remote_id TEXT NOT NULL,
    listed INTEGER NOT NULL,          -- 0: known only because a call names it
    name TEXT,
    status TEXT,
    raw BLOB,
    UNIQUE (account_row, remote_id)
) STRICT;

CREATE TABLE cursors (
    account_row INTEGER NOT NULL REFERENCES accounts (account_row),
    campaign_id TEXT NOT NULL,
    next_page INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    last_total INTEGER,
    completed_at INTEGER,
    problem TEXT NOT NULL,
    PRIMARY KEY (account_row, campaign_id)
) STRICT, WITHOUT ROWID;

-- What the index in memory needs, kept narrow; the long texts stand in call_texts.
CREATE TABLE calls (
    call_row INTEGER PRIMARY KEY,
    account_row INTEGER NOT NULL,
    remote_id TEXT NOT NULL,
    content_hash INTEGER NOT NULL,    -- tells "unchanged" without reading the row back
    refreshed_at INTEGER NOT NULL,    -- the provider last told us about it
    listed_at INTEGER,                -- last seen on a page of a list
    not_found_since INTEGER,
    unlisted_since INTEGER,
    texts_present INTEGER NOT NULL,   -- bits, see calltextbits in callrowsql.h
    provider INTEGER NOT NULL,
    status INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    end_reason INTEGER NOT NULL,
    campaign_row INTEGER,
    created_time INTEGER,
    dial_time INTEGER,
    ring_time INTEGER,
    answer_time INTEGER,
    agent_connect_time INTEGER,
    end_time INTEGER,
    updated_time INTEGER,
    ring_seconds REAL,
    talk_seconds REAL,
    total_seconds REAL,
    has_recording INTEGER,
    has_transcript INTEGER,
    cost REAL,
    carrier_cost REAL,
    status_raw TEXT,
    type_raw TEXT,
    source TEXT,
    campaign_name TEXT,               -- only where the call itself carries it
    lead_id TEXT,
    lead_name TEXT,
    agent_id TEXT,
    agent_name TEXT,
    customer_number TEXT,
    own_number TEXT,
    switch_id TEXT,
    hangup_cause TEXT,
    end_reason_raw TEXT,
    answered_by TEXT,
    disposition TEXT,
    sentiment TEXT,
    cost_unit TEXT,
    tags TEXT,                        -- JSON array, NULL when empty
    zone_assumed TEXT                 -- JSON array, NULL when empty
) STRICT;

CREATE UNIQUE INDEX calls_key ON calls (account_row, remote_id);

CREATE TABLE call_texts (
    call_row INTEGER PRIMARY KEY,
    summary TEXT,
    notes TEXT,
    next_action TEXT,
    recording_url TEXT,               -- a bearer secret
    field_errors TEXT,                -- JSON array of [path, problem], NULL when empty
    raw BLOB NOT NULL
) STRICT;

CREATE TABLE positions (
    call_row INTEGER PRIMARY KEY,
    position_ms INTEGER NOT NULL
) STRICT;
