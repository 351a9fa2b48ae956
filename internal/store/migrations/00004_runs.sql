-- +goose Up

-- A backfill's run says nothing of the news. whole: it saw every list and ended well.
ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'news';
ALTER TABLE runs ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET whole = 1 WHERE ended_at IS NOT NULL AND json_extract(summary, '$.error') IS NULL
    AND NOT EXISTS (SELECT 1 FROM json_each(summary, '$.steps') WHERE json_extract(value, '$.error') IS NOT NULL);
CREATE INDEX runs_whole ON runs (source, started_at) WHERE whole = 1;
