-- +goose Up

-- What the alarms remember of themselves over a restart: JSON of theirs, one row.
CREATE TABLE alarms (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL
) STRICT;

-- When news came and what a day's ledger opened are read from the index alone.
DROP INDEX items_opened;
CREATE INDEX items_opened ON items (source, opened_at, kind);
