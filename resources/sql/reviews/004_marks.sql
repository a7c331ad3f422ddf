-- Places in recordings that the supervisor marked. place: milliseconds from the recording's first sample. What is
-- removed is gone: a mark is a note to oneself and has no history.
CREATE TABLE marks (mark TEXT NOT NULL UNIQUE, account TEXT NOT NULL, remote_id TEXT NOT NULL, place INTEGER NOT NULL,
 text TEXT NOT NULL, kind TEXT NOT NULL, made_at INTEGER NOT NULL, row_sum INTEGER NOT NULL) STRICT;

CREATE INDEX marks_of_call ON marks (account, remote_id);
