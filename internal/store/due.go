package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Due is when the source is to be looked at next; zero when it never was.
func (s *Store) Due(ctx context.Context, source string) (time.Time, error) {
	var at sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT next_due FROM sources WHERE id = ?`, source).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !at.Valid {
		return time.Time{}, nil
	}
	return fromMicros(at.Int64), err
}

// SetDue remembers when the source is to be looked at next, over restarts.
func (s *Store) SetDue(ctx context.Context, source string, at time.Time) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO sources (id, next_due) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET next_due = ?2`, source, micros(at))
	return err
}

// Paused is since when the source is left alone; zero when it is not.
func (s *Store) Paused(ctx context.Context, source string) (time.Time, error) {
	var at sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT paused_at FROM sources WHERE id = ?`, source).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !at.Valid {
		return time.Time{}, nil
	}
	return fromMicros(at.Int64), err
}

// SetPaused has the source left alone from then on, over restarts; zero ends it.
func (s *Store) SetPaused(ctx context.Context, source string, since time.Time) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO sources (id, paused_at) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET paused_at = ?2`,
		source, sql.NullInt64{Int64: micros(since), Valid: !since.IsZero()})
	return err
}

// Ping fails when the file cannot be read any more.
func (s *Store) Ping(ctx context.Context) error {
	var version int
	return s.r.QueryRowContext(ctx, `PRAGMA schema_version`).Scan(&version)
}
