package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
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

// Log gives what a run has said, oldest line first: at most so many lines, from that
// number on; the first is 0. It stays as long as the run.
func (s *Store) Log(ctx context.Context, run string, from, most int) ([]string, error) {
	return column(ctx, s.r, `SELECT text FROM run_logs WHERE run = ? AND line >= ? ORDER BY line LIMIT ?`, run, from, most)
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

// ErrNoRun is returned for a run that the store does not know.
var ErrNoRun = errors.New("no such run")

// Runs gives the newest runs, newest first: of one source, or of all when it is empty;
// of those that began before another run, or of all when before is empty.
func (s *Store) Runs(ctx context.Context, source, before string, most int) ([]Ran, error) {
	until := int64(math.MaxInt64)
	if before != "" {
		err := s.r.QueryRowContext(ctx, `SELECT started_at FROM runs WHERE id = ?`, before).Scan(&until)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, ErrNoRun
		} else if err != nil {
			return nil, err
		}
	}
	query, args := `SELECT id, source, kind, started_at, coalesce(ended_at, 0), summary FROM runs
		WHERE started_at <= ?1 AND (started_at < ?1 OR id < ?2) ORDER BY started_at DESC, id DESC LIMIT ?3`, []any{until, before, most}
	if source != "" {
		query, args = `SELECT id, source, kind, started_at, coalesce(ended_at, 0), summary FROM runs
		WHERE source = ?4 AND started_at <= ?1 AND (started_at < ?1 OR id < ?2) ORDER BY started_at DESC, id DESC LIMIT ?3`, append(args, source)
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
