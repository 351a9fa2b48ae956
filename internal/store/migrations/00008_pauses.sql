-- +goose Up

-- Since when an operator has the daemon leave the source alone; NULL: it does not.
ALTER TABLE sources ADD COLUMN paused_at INTEGER;
