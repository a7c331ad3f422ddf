-- What is looked for every minute is found without walking through all calls.

-- Not ended (numbers of CallStatus below "completed"): few, however many calls there are.
CREATE INDEX calls_open ON calls (account_row) WHERE status < 5;

-- Told last within a day of their end, or of the last thing known of them: a full pull empties this index of old calls.
CREATE INDEX calls_fresh ON calls (
    account_row,
    coalesce(end_time, agent_connect_time, answer_time, ring_time, dial_time, created_time)
) WHERE refreshed_at < coalesce(end_time, agent_connect_time, answer_time, ring_time, dial_time, created_time) + 86400000;
