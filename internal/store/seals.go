package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Intend fixes the manifest of a revision of a closed day and where its files are
// spooled, once: a revision that has a manifest keeps it.
func (s *Store) Intend(ctx context.Context, date string, rev int, manifest []byte, path string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO seals (date, rev, reason, manifest, path)
			SELECT date, ?2, '', ?3, ?4 FROM drops WHERE date = ?1 AND closed_at IS NOT NULL
			ON CONFLICT DO UPDATE SET manifest = ?3, path = ?4 WHERE manifest IS NULL`, date, rev, manifest, path)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n != 1 {
			return errors.Join(fmt.Errorf("the drop of %s is open or its revision %d has a manifest", date, rev), err)
		}
		if rev > 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, `UPDATE seals SET named_by = ? WHERE rev > 0 AND sealed_at IS NOT NULL AND named_by IS NULL`, date)
		return err
	})
}

// Unnamed gives the further revisions that no day's first manifest names yet, but
// perhaps this one's: their manifests, oldest day first.
func (s *Store) Unnamed(ctx context.Context, date string) ([]string, error) {
	return column(ctx, s.r, `SELECT manifest FROM seals s WHERE rev > 0 AND sealed_at IS NOT NULL AND (named_by IS NULL OR named_by = ?) ORDER BY s.date, rev`, date)
}

// Recant forgets the manifest of a revision that is not sealed, to make another.
// The caller knows that it is not in S3.
func (s *Store) Recant(ctx context.Context, date string, rev int) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE seals SET manifest = NULL, path = NULL WHERE date = ? AND rev = ? AND sealed_at IS NULL`, date, rev)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 || rev > 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE seals SET named_by = NULL WHERE named_by = ?`, date)
		return err
	})
}

// Sealed marks a revision whose manifest is in S3 and whose files were read back.
func (s *Store) Sealed(ctx context.Context, date string, rev int) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		now := micros(s.now())
		if _, err := tx.ExecContext(ctx, `UPDATE seals SET sealed_at = ?, path = '' WHERE date = ? AND rev = ? AND sealed_at IS NULL`, now, date, rev); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE drops SET sealed_at = ?1 WHERE date = ?2 AND sealed_at IS NULL AND ?3 = (SELECT max(rev) FROM seals WHERE date = ?2)`, now, date, rev)
		return err
	})
}

// Revise asks for a further revision of a sealed day; the next seal makes it. It
// gives the revision's number.
func (s *Store) Revise(ctx context.Context, date, reason string) (rev int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		rev, err = revision(ctx, tx, date, reason)
		return err
	})
	return rev, err
}

func revision(ctx context.Context, tx *sql.Tx, date, reason string) (rev int, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO seals (date, rev, reason) SELECT date, 1 + (SELECT max(rev) FROM seals s WHERE s.date = drops.date), ? FROM drops
		WHERE date = ? AND sealed_at IS NOT NULL RETURNING rev`, reason, date).Scan(&rev)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("the drop of %s is not sealed here; seal it first", date)
	}
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE drops SET sealed_at = NULL WHERE date = ?`, date)
	return rev, err
}

// Manifest gives the bytes of a revision's manifest; nil when there is none yet.
func (s *Store) Manifest(ctx context.Context, date string, rev int) (manifest []byte, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT manifest FROM seals WHERE date = ? AND rev = ?`, date, rev).Scan(&manifest)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return manifest, err
}

// Committed gives the bytes of a day's first manifest if that is sealed; nil if not.
func (s *Store) Committed(ctx context.Context, date string) (manifest []byte, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT manifest FROM seals WHERE date = ? AND rev = 0 AND sealed_at IS NOT NULL`, date).Scan(&manifest)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return manifest, err
}

// Manifests gives those of the days before date that are sealed, oldest first, at
// most so many: of each its newest revision.
func (s *Store) Manifests(ctx context.Context, before string, most int) ([]string, error) {
	return column(ctx, s.r, `SELECT manifest FROM (SELECT date, manifest FROM seals s WHERE date < ? AND manifest IS NOT NULL
		AND rev = (SELECT max(rev) FROM seals n WHERE n.date = s.date AND n.manifest IS NOT NULL) ORDER BY date DESC LIMIT ?) ORDER BY date`, before, most)
}

// Adopt takes the manifest another attache has sealed the day with for the day's
// own. Rows of ours that it does not hold go into the open drop, where they are
// late but not lost; missing says which those are. It gives how many went there.
func (s *Store) Adopt(ctx context.Context, date string, rev int, manifest []byte, missing func(articleID string, revision int) bool) (moved int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		moved = 0
		late, err := lateRows(ctx, tx, date, missing)
		if err != nil {
			return err
		}
		batches, err := column(ctx, tx, `SELECT id FROM batches b WHERE landed_at IS NULL AND EXISTS (SELECT 1 FROM revisions WHERE batch = b.id AND drop_date = ?)`, date)
		if err != nil {
			return err
		}
		for _, batch := range batches { // its bytes would be of another day's rows
			if _, err := each(ctx, tx, batch, dissolving); err != nil {
				return err
			}
		}
		for _, seq := range late {
			if _, err := tx.ExecContext(ctx, `UPDATE revisions SET batch = NULL, drop_date = (SELECT date FROM drops WHERE closed_at IS NULL) WHERE seq = ?`, seq); err != nil {
				return err
			}
			moved++
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO seals (date, rev, reason, manifest, path) VALUES (?1, ?2, '', ?3, '')
			ON CONFLICT DO UPDATE SET manifest = ?3, path = '' WHERE sealed_at IS NULL`, date, rev, manifest)
		return err
	})
	return moved, err
}

func lateRows(ctx context.Context, tx *sql.Tx, date string, missing func(articleID string, revision int) bool) (late []int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq, article_id, revision FROM revisions WHERE drop_date = ? ORDER BY seq`, date)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var id string
		var revision int
		if err := rows.Scan(&seq, &id, &revision); err != nil {
			return nil, err
		}
		if missing(id, revision) {
			late = append(late, seq)
		}
	}
	return late, rows.Err()
}
