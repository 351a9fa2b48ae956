-- +goose Up

-- What a publisher's list said of itself when it was last read whole: JSON of
-- the crawler's. It is written with the addresses the list gave.
CREATE TABLE lists (
    source  TEXT NOT NULL,
    address TEXT NOT NULL,
    step    TEXT NOT NULL, -- of discovery, that read it
    held    TEXT NOT NULL,
    PRIMARY KEY (source, address, step)
) STRICT, WITHOUT ROWID;

-- Hosts that are left in peace for a while.
CREATE TABLE hosts (
    host   TEXT PRIMARY KEY,
    until  INTEGER NOT NULL,
    step   INTEGER NOT NULL, -- nanoseconds
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Other addresses of articles.
CREATE TABLE aliases (
    address    TEXT PRIMARY KEY,
    article_id TEXT NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_article ON aliases (article_id);

-- Articles to look at again, and the validators their page came with.
CREATE TABLE watches (
    article_id    TEXT PRIMARY KEY,
    source        TEXT NOT NULL,
    url           TEXT NOT NULL,
    next          INTEGER NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX watches_due ON watches (source, next);

ALTER TABLE items ADD COLUMN gone_at INTEGER; -- when a visit first found a known article gone
CREATE INDEX items_gone ON items (source) WHERE gone_at IS NOT NULL;
CREATE INDEX items_closed ON items (source, closed_at);

-- Archives that are being read.
CREATE TABLE backfills (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL,
    from_day   TEXT NOT NULL,
    to_day     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX backfills_open ON backfills (source, from_day, to_day) WHERE ended_at IS NULL;
CREATE TABLE backfill_lists (
    backfill INTEGER NOT NULL REFERENCES backfills (id),
    address  TEXT NOT NULL,
    read_at  INTEGER NOT NULL,
    PRIMARY KEY (backfill, address)
) STRICT, WITHOUT ROWID;
