-- What sending, undo, conflicts, the chained history and the copies of touched calls need. Comments stand outside the
-- statements: SQLite keeps a statement's text in the schema, and a small schema is a schema that is easily rescued.

-- Edits of one call that leave together share a delivery. '' = the edit's own (outbox.delivery); else the delivery of
-- an earlier edit of the same call that had not been tried yet when this one was made.
ALTER TABLE outbox ADD COLUMN travels_with TEXT NOT NULL DEFAULT '';

CREATE INDEX outbox_under_way ON outbox (account, sequence) WHERE state IN ('waiting', 'sending');

-- One row per delivery that is being sent or may have reached its target: body is what was sent, and what is sent
-- again, sequences are the edits in it, between blanks. A delivery without a row has not left this computer. arrived: an attempt ended unclear. lease: who is sending
-- it, until when; '' = nobody. settled_at: when it was accepted, refused, or answered with a conflict.
CREATE TABLE deliveries (delivery TEXT NOT NULL UNIQUE, account TEXT NOT NULL, remote_id TEXT NOT NULL,
 revision INTEGER NOT NULL, target TEXT NOT NULL, destination TEXT NOT NULL, body BLOB NOT NULL,
 sequences TEXT NOT NULL, arrived INTEGER NOT NULL, lease TEXT NOT NULL, lease_until INTEGER, settled_at INTEGER, row_sum INTEGER NOT NULL) STRICT;

CREATE INDEX deliveries_open ON deliveries (account) WHERE settled_at IS NULL;

CREATE INDEX deliveries_of_call ON deliveries (account, remote_id);

-- What the supervisor did, as undo takes it back: a step is one or more ranges of edits. kind: 'do', 'undo', 'redo';
-- the latter two name the step they revert and how far down they have come.
CREATE TABLE steps (line INTEGER PRIMARY KEY AUTOINCREMENT, step TEXT NOT NULL, kind TEXT NOT NULL,
 of_step TEXT NOT NULL, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL, down_to INTEGER,
 at INTEGER NOT NULL, row_sum INTEGER NOT NULL) STRICT;

-- Append only. An edit (base and value stand in edits) and what the other side says instead. theirs_known 0: the target
-- refused it as a conflict without telling its value. state_before: the edit's fate until then. Resolved once a later
-- edit supersedes this one.
CREATE TABLE conflicts (line INTEGER PRIMARY KEY AUTOINCREMENT, sequence INTEGER NOT NULL, account TEXT NOT NULL,
 remote_id TEXT NOT NULL, field TEXT NOT NULL, theirs TEXT, theirs_known INTEGER NOT NULL, found_with TEXT NOT NULL,
 state_before TEXT NOT NULL, at INTEGER NOT NULL, row_sum INTEGER NOT NULL) STRICT;

CREATE INDEX conflicts_of_call ON conflicts (account, remote_id);

-- One row per line of history, for ever: chain = SHA-256(chain before, row_hash), row_hash = SHA-256(salt, the line).
-- Erasing a line takes its salt away and leaves the chain whole.
CREATE TABLE history_chain (line INTEGER PRIMARY KEY, salt BLOB, row_hash BLOB NOT NULL, chain BLOB NOT NULL) STRICT;

-- The call as it was last known, for each call that was edited, marked or reviewed: calls.db can be rebuilt from these.
CREATE TABLE call_copies (account TEXT NOT NULL, remote_id TEXT NOT NULL, copied_at INTEGER NOT NULL,
 columns TEXT NOT NULL, raw BLOB NOT NULL, row_sum INTEGER NOT NULL, UNIQUE (account, remote_id)) STRICT;
