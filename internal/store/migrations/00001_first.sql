-- +goose Up

-- Times are microseconds since 1970, UTC. Dates are '2006-01-02' in the drop's zone.

CREATE TABLE sources (
    id       TEXT PRIMARY KEY,
    horizon  INTEGER, -- nothing dated before this is opened as news; NULL before the first run
    next_due INTEGER  -- when the daemon looks again; NULL until it first has
) STRICT;

CREATE TABLE runs (
    id         TEXT PRIMARY KEY,
    source     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,          -- NULL: running, or cut off
    summary    TEXT              -- JSON, as reported
) STRICT;
CREATE INDEX runs_by_source ON runs (source, started_at);

-- Work items: an address that was opened is closed by exactly one outcome.
CREATE TABLE items (
    id           INTEGER PRIMARY KEY,
    article_id   TEXT NOT NULL,
    source       TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('new', 'revisit', 'backfill')),
    url          TEXT NOT NULL,
    opened_at    INTEGER NOT NULL,
    dated        INTEGER, -- when it was published, as the list says
    attempts     INTEGER NOT NULL DEFAULT 0, -- visits that gave nothing
    not_before   INTEGER NOT NULL DEFAULT 0, -- no visit before this
    closed_at    INTEGER,
    outcome      TEXT,
    reason       TEXT,
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX items_by_article ON items (article_id);
CREATE UNIQUE INDEX items_open ON items (article_id) WHERE outcome IS NULL;
CREATE INDEX items_todo ON items (source, id) WHERE outcome IS NULL;

-- The bytes of a live part, fixed before the first attempt to put them.
CREATE TABLE batches (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    path      TEXT NOT NULL, -- of the spool file
    sha256    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    frozen_at INTEGER NOT NULL,
    landed_at INTEGER
) STRICT;
CREATE INDEX batches_frozen ON batches (id) WHERE landed_at IS NULL;

-- One row is open: it takes new revisions. Sealing closes it and opens a later one.
CREATE TABLE drops (
    date      TEXT PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    manifest  BLOB, -- its bytes, fixed before the first attempt to put them
    path      TEXT, -- of the spool file of its rows
    sealed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX drops_open ON drops ((1)) WHERE closed_at IS NULL;

CREATE TABLE revisions (
    seq          INTEGER PRIMARY KEY,
    article_id   TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    source       TEXT NOT NULL,
    drop_date    TEXT NOT NULL REFERENCES drops (date),
    published_at INTEGER,
    fingerprint  TEXT NOT NULL,
    record       BLOB NOT NULL, -- JSON as landed
    batch        INTEGER REFERENCES batches (id),
    UNIQUE (article_id, revision)
) STRICT;
CREATE INDEX revisions_by_drop ON revisions (drop_date, source, published_at, article_id, revision);
CREATE INDEX revisions_unfrozen ON revisions (source) WHERE batch IS NULL;
