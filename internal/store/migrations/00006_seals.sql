-- +goose Up

-- What seals a day: its drop, and each revision of it after damage or a takedown.
CREATE TABLE seals (
    date      TEXT NOT NULL REFERENCES drops (date),
    rev       INTEGER NOT NULL,
    reason    TEXT NOT NULL, -- of a further revision
    manifest  BLOB,          -- its bytes, fixed before the first attempt to put them
    path      TEXT,          -- of the spool folder of its files
    sealed_at INTEGER,       -- all is in S3 and was read back
    named_by  TEXT,          -- of a further revision: the day whose first manifest names it
    PRIMARY KEY (date, rev)
) STRICT, WITHOUT ROWID;
-- A day that was being sealed is begun anew, unless its manifest is there already.
INSERT INTO seals (date, rev, reason, manifest, path, sealed_at) SELECT date, 0, '', manifest, '', sealed_at FROM drops WHERE manifest IS NOT NULL;
ALTER TABLE drops DROP COLUMN manifest;
ALTER TABLE drops DROP COLUMN path;

-- Objects that are to go from S3.
CREATE TABLE removals (
    key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Articles whose text must not be kept.
CREATE TABLE takedowns (
    article_id TEXT PRIMARY KEY,
    reason     TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    blanked_at INTEGER, -- it is gone from the rows here, and the days that hold it are to be sealed anew
    wiped_at   INTEGER, -- the file was written anew since
    erased_at  INTEGER  -- it is gone from the captures
) STRICT, WITHOUT ROWID;

-- What a run has said, one JSON line a row.
CREATE TABLE run_logs (
    run  TEXT NOT NULL,
    line INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX revisions_by_batch_date ON revisions (batch, drop_date);
DROP INDEX revisions_by_batch;
CREATE INDEX runs_by_end ON runs (ended_at);
CREATE INDEX drops_unsealed ON drops (date) WHERE sealed_at IS NULL;
