package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
)

// Batch is a live part with its bytes fixed in a spool file. Whatever happens,
// exactly these bytes are put under this key.
type Batch struct {
	ID     int64
	Key    string
	Path   string
	SHA256 string
	Bytes  int64
	Rows   int64
}

// Freeze fixes the source's revisions that are in no batch yet: write is given
// their drop date and their JSON in order of commit, and must have the file on
// disk when it returns. One drop date makes one batch; no rows make none.
func (s *Store) Freeze(ctx context.Context, source string, write func(date string, rows iter.Seq2[[]byte, error]) (Batch, error)) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		dates, err := column(ctx, tx, `SELECT DISTINCT drop_date FROM revisions WHERE source = ? AND batch IS NULL ORDER BY drop_date`, source)
		if err != nil {
			return err
		}
		for _, date := range dates {
			b, err := write(date, records(ctx, tx, `SELECT record FROM revisions WHERE source = ? AND drop_date = ? AND batch IS NULL ORDER BY seq`, source, date))
			if err != nil {
				return fmt.Errorf("freeze %s of %s: %w", source, date, err)
			}
			done, err := tx.ExecContext(ctx, `INSERT INTO batches (key, path, sha256, bytes, rows, frozen_at) VALUES (?, ?, ?, ?, ?, ?)`,
				b.Key, b.Path, b.SHA256, b.Bytes, b.Rows, micros(s.now()))
			if err != nil {
				return err
			}
			id, err := done.LastInsertId()
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE revisions SET batch = ? WHERE source = ? AND drop_date = ? AND batch IS NULL`, id, source, date); err != nil {
				return err
			}
		}
		return nil
	})
}

// Frozen gives the batches that have not landed, oldest first.
func (s *Store) Frozen(ctx context.Context) ([]Batch, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT id, key, path, sha256, bytes, rows FROM batches WHERE landed_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var batches []Batch
	for rows.Next() {
		var b Batch
		if err := rows.Scan(&b.ID, &b.Key, &b.Path, &b.SHA256, &b.Bytes, &b.Rows); err != nil {
			return nil, err
		}
		batches = append(batches, b)
	}
	return batches, rows.Err()
}

// BatchRows streams the JSON of a batch, as it was given to write.
func (s *Store) BatchRows(ctx context.Context, b Batch) iter.Seq2[[]byte, error] {
	return records(ctx, s.r, `SELECT record FROM revisions WHERE batch = ? ORDER BY seq`, b.ID)
}

// Landed marks a batch whose object is proved to be in S3.
func (s *Store) Landed(ctx context.Context, b Batch) error {
	_, err := s.w.ExecContext(ctx, `UPDATE batches SET landed_at = ? WHERE id = ?`, micros(s.now()), b.ID)
	return err
}

// querier is a transaction or a database.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// records streams a column of JSON; a row is valid until the next.
func records(ctx context.Context, q querier, query string, args ...any) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		rows, err := q.QueryContext(ctx, query, args...)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var record sql.RawBytes
			if err := rows.Scan(&record); err != nil {
				yield(nil, err)
				return
			}
			if !yield(record, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

func column(ctx context.Context, q querier, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}
