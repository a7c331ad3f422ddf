-- A file of before this step, as it is read without being written: only the place where the listener stopped is known.
CREATE TEMP VIEW positions AS SELECT call_row, position_ms, 0 AS heard_ms, '' AS played FROM main.positions;
