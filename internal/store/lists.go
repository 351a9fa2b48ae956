package store

import (
	"context"
	"database/sql"
	"errors"
)

// Held is what was kept of a list with the addresses it gave; nil when it was not
// read whole the last time.
func (s *Store) Held(ctx context.Context, source, list string) ([]byte, error) {
	var held []byte
	err := s.r.QueryRowContext(ctx, `SELECT held FROM lists WHERE source = ? AND address = ? LIMIT 1`, source, list).Scan(&held)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return held, err
}

// Lists are what the steps of a discovery hold of the lists they read: by the
// step, then by the list's address. A step that holds nothing forgets what it held.
type Lists map[string]map[string][]byte

func hold(ctx context.Context, tx *sql.Tx, source string, lists Lists) error {
	for step, held := range lists {
		if _, err := tx.ExecContext(ctx, `DELETE FROM lists WHERE source = ? AND step = ?`, source, step); err != nil {
			return err
		}
		for list, state := range held {
			if _, err := tx.ExecContext(ctx, `INSERT INTO lists (source, address, step, held) VALUES (?, ?, ?, ?)`, source, list, step, string(state)); err != nil {
				return err
			}
		}
	}
	return nil
}
