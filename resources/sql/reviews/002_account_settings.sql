-- Further settings of an account as a JSON object: scope, limits, whether it is asked at all. A column and not a table:
-- all tables stay at the same places in the file, which a rescue of a damaged one goes by. '' stands in rows of before;
-- row_sum covers the column wherever it holds more than that, so that no row has to be written anew.

ALTER TABLE accounts ADD COLUMN settings TEXT NOT NULL DEFAULT '';
