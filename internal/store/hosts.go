package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Backoff is how a host is left in peace.
type Backoff struct {
	Until  time.Time
	Step   time.Duration
	Reason string
}

// Backoff gives what SetBackoff last said of the host; zero when it said nothing.
func (s *Store) Backoff(ctx context.Context, host string) (Backoff, error) {
	var b Backoff
	var until int64
	err := s.r.QueryRowContext(ctx, `SELECT until, step, reason FROM hosts WHERE host = ?`, host).Scan(&until, &b.Step, &b.Reason)
	if errors.Is(err, sql.ErrNoRows) {
		return Backoff{}, nil
	}
	b.Until = fromMicros(until)
	return b, err
}

// SetBackoff remembers a host's back-off over restarts; the zero one is forgotten,
// and so are those that ended more than a day ago: whoever answers next begins anew.
func (s *Store) SetBackoff(ctx context.Context, host string, b Backoff) error {
	query, args := `INSERT INTO hosts (host, until, step, reason) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT DO UPDATE SET until = ?2, step = ?3, reason = ?4`, []any{host, micros(b.Until), int64(b.Step), b.Reason}
	if b == (Backoff{}) {
		query, args = `DELETE FROM hosts WHERE host = ?`, args[:1]
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM hosts WHERE until < ?`, micros(s.now().Add(-24*time.Hour))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}
