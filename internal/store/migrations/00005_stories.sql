-- +goose Up

-- What finds other versions of a story: the keys of an article's newest text, its
-- pictures and its addresses in other editions, by the day it came out (days since 1970).
CREATE TABLE story_keys (
    key        INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    article_id TEXT NOT NULL,
    PRIMARY KEY (key, day, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_keys_by_article ON story_keys (article_id);
CREATE INDEX story_keys_by_day ON story_keys (day);
CREATE TABLE sketches (
    article_id TEXT PRIMARY KEY,
    day        INTEGER NOT NULL,
    sketch     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sketches_by_day ON sketches (day);
