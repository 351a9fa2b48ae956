package store

import (
	"context"
	"database/sql"
	"time"
)

// Said adds lines to what a run has said; the first is number from.
func (s *Store) Said(ctx context.Context, run string, from int, lines []string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for i, line := range lines {
			if _, err := tx.ExecContext(ctx, `INSERT INTO run_logs (run, line, text) VALUES (?, ?, ?)`, run, from+i, line); err != nil {
				return err
			}
		}
		return nil
	})
}

// Log gives what a run has said, oldest line first. It stays as long as the run.
func (s *Store) Log(ctx context.Context, run string) ([]string, error) {
	return column(ctx, s.r, `SELECT text FROM run_logs WHERE run = ? ORDER BY line`, run)
}

// Ran is a run as it is listed.
type Ran struct {
	ID      string
	Source  string
	Kind    string // news, backfill
	Started time.Time
	Ended   time.Time // zero: it goes on, or was cut off
	Summary []byte    // JSON as reported; nil before the end
}

// Runs gives the newest runs, newest first: of one source, or of all when it is empty.
func (s *Store) Runs(ctx context.Context, source string, most int) ([]Ran, error) {
	query, args := `SELECT id, source, kind, started_at, coalesce(ended_at, 0), summary FROM runs ORDER BY started_at DESC LIMIT ?`, []any{most}
	if source != "" {
		query, args = `SELECT id, source, kind, started_at, coalesce(ended_at, 0), summary FROM runs WHERE source = ? ORDER BY started_at DESC LIMIT ?`, []any{source, most}
	}
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var runs []Ran
	for rows.Next() {
		var r Ran
		var started, ended int64
		if err := rows.Scan(&r.ID, &r.Source, &r.Kind, &started, &ended, &r.Summary); err != nil {
			return nil, err
		}
		if r.Started = fromMicros(started); ended != 0 {
			r.Ended = fromMicros(ended)
		}
		runs = append(runs, r)
	}
	return runs, rows.Err()
}
