package store

import (
	"context"
	"database/sql"
	"errors"
)

// Held is what a step of discovery kept of a list with the addresses it gave; nil
// when it was not read whole the last time.
func (s *Store) Held(ctx context.Context, source, step, list string) ([]byte, error) {
	var held []byte
	err := s.r.QueryRowContext(ctx, `SELECT held FROM lists WHERE source = ? AND address = ? AND step = ?`, source, list, step).Scan(&held)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return held, err
}

// Lists are what the steps of a discovery hold of the lists they read: by the
// step, then by the list's address. A step that holds nothing, or is not named any
// more, forgets what it held.
type Lists map[string]map[string][]byte

func hold(ctx context.Context, tx *sql.Tx, source string, lists Lists) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM lists WHERE source = ?`, source); err != nil {
		return err
	}
	for step, held := range lists {
		for list, state := range held {
			if _, err := tx.ExecContext(ctx, `INSERT INTO lists (source, address, step, held) VALUES (?, ?, ?, ?)`, source, list, step, string(state)); err != nil {
				return err
			}
		}
	}
	return nil
}
