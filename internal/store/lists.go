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
	err := s.r.QueryRowContext(ctx, `SELECT held FROM lists WHERE source = ? AND address = ?`, source, list).Scan(&held)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return held, err
}

// hold keeps what is known of lists; what is nil is forgotten.
func hold(ctx context.Context, tx *sql.Tx, source string, lists map[string][]byte) error {
	for list, held := range lists {
		query, args := `INSERT INTO lists (source, address, held) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET held = ?3`, []any{source, list, string(held)}
		if held == nil {
			query, args = `DELETE FROM lists WHERE source = ? AND address = ?`, args[:2]
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}
