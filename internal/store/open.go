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
	Judgement      Judgement // of what is screened
}

// Known reports whether the article was ever opened as news. What is known from an
// archive only must not end the reading of a list of news.
func (s *Store) Known(ctx context.Context, articleID string) (bool, error) {
	var known bool
	err := s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM known WHERE article_id = ? AND archived = 0)`, articleID).Scan(&known)
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
	now, err := s.stamp(ctx, tx)
	if err != nil {
		return opened, err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO items (article_id, source, kind, url, opened_at, dated, closed_at, outcome, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return opened, err
	}
	defer insert.Close()
	meet, err := tx.PrepareContext(ctx, meeting)
	if err != nil {
		return opened, err
	}
	defer meet.Close()
	for _, l := range listed {
		if err := s.alias(ctx, tx, l.ArticleID, l.As); err != nil {
			return opened, err
		}
		met, err := meet.ExecContext(ctx, l.ArticleID, micros(s.now()), kind == "backfill" && l.Dated.Before(s.now().Add(-leftover)))
		if err != nil {
			return opened, err
		}
		if n, err := met.RowsAffected(); err != nil {
			return opened, err
		} else if n == 0 {
			continue
		}
		screened := l.Screened != ""
		done, err := insert.ExecContext(ctx, l.ArticleID, source, kind, l.URL, now, sql.NullInt64{Int64: micros(l.Dated), Valid: !l.Dated.IsZero()},
			sql.NullInt64{Int64: now, Valid: screened}, sql.NullString{String: string(article.OutOfScope), Valid: screened}, sql.NullString{String: l.Screened, Valid: screened})
		if err != nil {
			return opened, err
		}
		opened.All++
		if screened {
			opened.Screened++
			item, err := done.LastInsertId()
			if err == nil {
				err = judge(ctx, tx, item, l.Judgement)
			}
			if err != nil {
				return opened, err
			}
		}
	}
	return opened, nil
}

// meeting makes an article known; it changes nothing when it is.
const meeting = `INSERT INTO known (article_id, first_seen, archived) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`

// stamp is when an item is opened or closed: now, and never within a day whose
// ledger or drop is closed, whatever the clock does.
func (s *Store) stamp(ctx context.Context, tx *sql.Tx) (int64, error) {
	floor, err := floor(ctx, tx)
	if err != nil {
		return 0, err
	}
	var opened int64
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(opened_at), 0) FROM drops WHERE closed_at IS NULL`).Scan(&opened)
	return max(floor, opened, micros(s.now())), err
}

// mostAliases bounds the addresses kept of an article: a list may give it another with
// each look, for the sake of counting who came from where.
const mostAliases = 8

// alias keeps another address of an article; an empty one is none.
func (s *Store) alias(ctx context.Context, tx *sql.Tx, articleID, address string) error {
	if address == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO aliases (address, article_id, seen_at) SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM aliases WHERE article_id = ?2) < ?4
		ON CONFLICT DO NOTHING`, address, articleID, micros(s.now()), mostAliases)
	return err
}
