package store

import (
	"context"
	"database/sql"
	"time"
)

// Removals gives the keys of objects that are to go from S3.
func (s *Store) Removals(ctx context.Context) ([]string, error) {
	return column(ctx, s.r, `SELECT key FROM removals ORDER BY key`)
}

// Removed notes that an object is gone.
func (s *Store) Removed(ctx context.Context, key string) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM removals WHERE key = ?`, key)
	return err
}

// Supersede has the live parts of days that were sealed before an instant removed:
// what they hold, the sealed drops hold. Rows of such days that came into none, since their
// source had no further run, wait for none any more.
func (s *Store) Supersede(ctx context.Context, before time.Time) error {
	if _, err := s.w.ExecContext(ctx, `UPDATE revisions SET batch = 0 WHERE batch IS NULL AND EXISTS (SELECT 1 FROM drops WHERE date = drop_date AND sealed_at < ?)`, micros(before)); err != nil {
		return err
	}
	for {
		batches, err := column(ctx, s.r, `SELECT b.id FROM batches b WHERE b.id > 0 AND b.landed_at IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM revisions r CROSS JOIN drops d ON d.date = r.drop_date WHERE r.batch = b.id AND (d.sealed_at IS NULL OR d.sealed_at >= ?)) LIMIT ?`, micros(before), pruneRows)
		if err != nil || len(batches) == 0 {
			return err
		}
		err = s.write(ctx, func(tx *sql.Tx) error {
			for _, batch := range batches {
				if _, err := each(ctx, tx, batch, []string{
					`INSERT INTO removals (key) SELECT key FROM batches WHERE id = ? ON CONFLICT DO NOTHING`,
					`UPDATE revisions SET batch = 0 WHERE batch = ?`,
					`DELETE FROM batches WHERE id = ?`,
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
