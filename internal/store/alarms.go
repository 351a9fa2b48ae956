package store

import (
	"context"
	"database/sql"
	"errors"
)

// Alarms gives what SetAlarms kept; nil when it kept nothing yet.
func (s *Store) Alarms(ctx context.Context) (state []byte, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT state FROM alarms WHERE id = 1`).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return state, err
}

// SetAlarms keeps what the alarms remember of themselves over a restart.
func (s *Store) SetAlarms(ctx context.Context, state []byte) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO alarms (id, state) VALUES (1, ?1) ON CONFLICT DO UPDATE SET state = ?1`, string(state))
	return err
}
