package store

import (
	"context"
	"database/sql"
	"errors"
)

// Backfill begins to read a source's archives from one day to another, or goes on
// with the same where it was cut off. The days are '2006-01-02', both included.
func (s *Store) Backfill(ctx context.Context, source, from, to string) (id int64, err error) {
	err = s.w.QueryRowContext(ctx, `INSERT INTO backfills (source, from_day, to_day, started_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (source, from_day, to_day) WHERE ended_at IS NULL DO UPDATE SET source = source RETURNING id`,
		source, from, to, micros(s.now())).Scan(&id)
	return id, err
}

// BackfillRead reports whether a list of the archive was read before.
func (s *Store) BackfillRead(ctx context.Context, backfill int64, list string) (read bool, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM backfill_lists WHERE backfill = ? AND address = ?)`, backfill, list).Scan(&read)
	return read, err
}

// OpenArchived opens the articles of a list of the archive that were never seen
// before, and notes that the list was read, in one transaction.
func (s *Store) OpenArchived(ctx context.Context, backfill int64, source, list string, listed []Listed) (opened Opened, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if opened, err = s.openNew(ctx, tx, source, "backfill", listed); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO backfill_lists (backfill, address, read_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, backfill, list, micros(s.now()))
		return err
	})
	return opened, err
}

// EndBackfill notes that all of the archive was read and nothing of it is open.
func (s *Store) EndBackfill(ctx context.Context, id int64) error {
	done, err := s.w.ExecContext(ctx, `UPDATE backfills SET ended_at = ? WHERE id = ? AND ended_at IS NULL`, micros(s.now()), id)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errors.New("this backfill has ended before"), err)
	}
	return nil
}
