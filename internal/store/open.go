package store

import (
	"context"
	"database/sql"
	"time"

	"attache/internal/article"
)

// Listed is an address to open.
type Listed struct {
	ArticleID, URL string
	As             string    // another address it was listed by; may be empty
	Dated          time.Time // when the list says it was published; zero when it does not
	Screened       string    // why it is out of scope by what the list says alone; empty when it is to be read
}

// Known reports whether the article was ever opened.
func (s *Store) Known(ctx context.Context, articleID string) (bool, error) {
	var known bool
	err := s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items WHERE article_id = ?)`, articleID).Scan(&known)
	return known, err
}

// Opened counts the addresses that were opened, and those of them that ended at once.
type Opened struct{ All, Screened int }

// OpenNew opens the listed addresses of articles never seen before, and says how
// many those are. What the lists said of themselves is kept in the same
// transaction: a validator without its addresses would hide them for ever.
func (s *Store) OpenNew(ctx context.Context, source string, listed []Listed, lists Lists) (opened Opened, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if opened, err = s.openNew(ctx, tx, source, "new", listed); err != nil {
			return err
		}
		return hold(ctx, tx, source, lists)
	})
	return opened, err
}

// openNew opens what was never seen, ends at once what is screened out, and keeps
// the other addresses of all.
func (s *Store) openNew(ctx context.Context, tx *sql.Tx, source, kind string, listed []Listed) (opened Opened, err error) {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO items (article_id, source, kind, url, opened_at, dated, closed_at, outcome, reason)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (SELECT 1 FROM items WHERE article_id = ?1)`)
	if err != nil {
		return opened, err
	}
	defer insert.Close()
	now := micros(s.now())
	for _, l := range listed {
		screened := l.Screened != ""
		done, err := insert.ExecContext(ctx, l.ArticleID, source, kind, l.URL, now, sql.NullInt64{Int64: micros(l.Dated), Valid: !l.Dated.IsZero()},
			sql.NullInt64{Int64: now, Valid: screened}, sql.NullString{String: string(article.OutOfScope), Valid: screened}, sql.NullString{String: l.Screened, Valid: screened})
		if err != nil {
			return opened, err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return opened, err
		}
		opened.All += int(n)
		if screened {
			opened.Screened += int(n)
		}
		if err := s.alias(ctx, tx, l.ArticleID, l.As); err != nil {
			return opened, err
		}
	}
	return opened, nil
}

// alias keeps another address of an article; an empty one is none.
func (s *Store) alias(ctx context.Context, tx *sql.Tx, articleID, address string) error {
	if address == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO aliases (address, article_id, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, address, articleID, micros(s.now()))
	return err
}
