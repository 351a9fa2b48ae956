-- +goose Up

-- Every article that was ever opened, and when first. Items go with the years, this stays.
CREATE TABLE known (
    article_id TEXT PRIMARY KEY,
    first_seen INTEGER NOT NULL,
    archived   INTEGER NOT NULL -- 1: met in an archive, not as news
) STRICT, WITHOUT ROWID;
INSERT INTO known SELECT article_id, min(opened_at), max(kind = 'backfill') FROM items GROUP BY article_id;

-- Days whose ledger is closed follow each other without a gap: nothing is opened
-- or closed before the last of them ended.
CREATE TABLE ledger_days (
    until INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    day   TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE ledger (
    day    TEXT NOT NULL REFERENCES ledger_days (day),
    source TEXT NOT NULL,
    entry  TEXT NOT NULL, -- JSON, as counted when the day was closed
    PRIMARY KEY (day, source)
) STRICT, WITHOUT ROWID;

UPDATE items SET closed_at = opened_at WHERE closed_at < opened_at; -- a clock was set back
CREATE INDEX items_opened ON items (source, opened_at);
CREATE INDEX items_quarantined ON items (source) WHERE outcome = 'quarantined';

-- Stands for all batches that landed long ago.
INSERT INTO batches (id, key, path, sha256, bytes, rows, frozen_at, landed_at) VALUES (0, '', '', '', 0, 0, 0, 0);
CREATE INDEX revisions_by_batch ON revisions (batch);
CREATE INDEX revisions_whole ON revisions (drop_date) WHERE record <> x''; -- empty: it went with the years
CREATE INDEX runs_by_start ON runs (started_at);
