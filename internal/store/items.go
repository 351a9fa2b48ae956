package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"attache/internal/article"
)

// Listed is an address to open.
type Listed struct {
	ArticleID, URL string
	Dated          time.Time // when the list says it was published; zero when it does not
}

// Item is an opened address that has no outcome yet.
type Item struct {
	ID        int64
	ArticleID string
	Source    string
	URL       string
	Kind      string
	FirstSeen time.Time
	Dated     time.Time // when the list said it was published; zero when it did not
	Attempts  int       // visits that gave nothing
}

// Horizon is the day before which nothing of the source is news. It is fixed by
// the first call: later runs do not reach further back than the first did.
func (s *Store) Horizon(ctx context.Context, source string, first time.Time) (time.Time, error) {
	_, err := s.w.ExecContext(ctx, `INSERT INTO sources (id, horizon) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET horizon = coalesce(horizon, excluded.horizon)`, source, micros(first))
	if err != nil {
		return time.Time{}, err
	}
	var at int64
	err = s.w.QueryRowContext(ctx, `SELECT horizon FROM sources WHERE id = ?`, source).Scan(&at)
	return fromMicros(at), err
}

// Known reports whether the article was ever opened.
func (s *Store) Known(ctx context.Context, articleID string) (bool, error) {
	var known bool
	err := s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM items WHERE article_id = ?)`, articleID).Scan(&known)
	return known, err
}

// OpenNew opens the listed addresses of articles never seen before, in one
// transaction, and says how many those are.
func (s *Store) OpenNew(ctx context.Context, source string, listed []Listed) (opened int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		opened = 0
		insert, err := tx.PrepareContext(ctx, `INSERT INTO items (article_id, source, kind, url, opened_at, dated)
			SELECT ?1, ?2, 'new', ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM items WHERE article_id = ?1)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, l := range listed {
			done, err := insert.ExecContext(ctx, l.ArticleID, source, l.URL, micros(s.now()), sql.NullInt64{Int64: micros(l.Dated), Valid: !l.Dated.IsZero()})
			if err != nil {
				return err
			}
			n, err := done.RowsAffected()
			if err != nil {
				return err
			}
			opened += int(n)
		}
		return nil
	})
	return opened, err
}

// Todo gives the source's open items whose time has come, oldest first: what
// this run opened, and what an earlier one left.
func (s *Store) Todo(ctx context.Context, source string) ([]Item, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT id, article_id, source, url, kind, attempts, dated,
			(SELECT min(opened_at) FROM items first WHERE first.article_id = items.article_id)
		FROM items WHERE source = ? AND outcome IS NULL AND not_before <= ? ORDER BY id`, source, micros(s.now()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var todo []Item
	for rows.Next() {
		var i Item
		var seen int64
		var dated sql.NullInt64
		if err := rows.Scan(&i.ID, &i.ArticleID, &i.Source, &i.URL, &i.Kind, &i.Attempts, &dated, &seen); err != nil {
			return nil, err
		}
		if dated.Valid {
			i.Dated = fromMicros(dated.Int64)
		}
		i.FirstSeen = fromMicros(seen)
		todo = append(todo, i)
	}
	return todo, rows.Err()
}

// Attempt counts a visit that gave nothing. The item stays open, and rests for
// 10 minutes, then four times as long after each further visit, until its budget
// of visits is spent; then it ends as failed, and ended is true. Five visits
// span some 14 hours.
func (s *Store) Attempt(ctx context.Context, item Item, budget int, reason string) (ended bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		var attempts int
		err := tx.QueryRowContext(ctx, `UPDATE items SET attempts = attempts + 1 WHERE id = ? AND outcome IS NULL RETURNING attempts`, item.ID).Scan(&attempts)
		if err != nil {
			return fmt.Errorf("item %d: %w", item.ID, err)
		}
		if ended = attempts >= budget; !ended {
			rest := 10 * time.Minute << (2 * min(attempts-1, 6))
			_, err := tx.ExecContext(ctx, `UPDATE items SET not_before = ? WHERE id = ?`, micros(s.now().Add(rest)), item.ID)
			return err
		}
		return s.end(ctx, tx, item, article.Failed, fmt.Sprintf("gave up after %d visits: %s", attempts, reason))
	})
	return ended, err
}

// Rest puts the next visit off without counting one.
func (s *Store) Rest(ctx context.Context, item Item, until time.Time) error {
	_, err := s.w.ExecContext(ctx, `UPDATE items SET not_before = ? WHERE id = ? AND outcome IS NULL`, micros(until), item.ID)
	return err
}

// End closes an item that gave no record to keep.
func (s *Store) End(ctx context.Context, item Item, outcome article.Outcome, reason string) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.end(ctx, tx, item, outcome, reason) })
}

// Keep ends an item with its record: a first revision, a further one when the
// content differs from the last, or nothing new. The record's revision and
// change type are set here, where they are known; the revision goes into the
// open drop. Item and revision are one transaction.
func (s *Store) Keep(ctx context.Context, item Item, r *article.Record) (outcome article.Outcome, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		var last int
		var fingerprint string
		err := tx.QueryRowContext(ctx, `SELECT revision, fingerprint FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT 1`, r.ArticleID).
			Scan(&last, &fingerprint)
		r.Revision, r.ChangeType, outcome = last+1, article.Changed, article.Revised
		switch now := r.Fingerprint(); {
		case errors.Is(err, sql.ErrNoRows):
			r.Revision, r.ChangeType, outcome = 1, article.Added, article.Stored
		case err != nil:
			return err
		case now == fingerprint:
			outcome = article.Unchanged
		}
		if outcome != article.Unchanged {
			if err := insertRevision(ctx, tx, r); err != nil {
				return err
			}
		}
		return s.end(ctx, tx, item, outcome, "")
	})
	return outcome, err
}

func insertRevision(ctx context.Context, tx *sql.Tx, r *article.Record) error {
	text, err := r.JSON()
	if err != nil {
		return err
	}
	var published sql.NullInt64
	if r.PublishedAt != nil {
		published = sql.NullInt64{Int64: micros(*r.PublishedAt), Valid: true}
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO revisions (article_id, revision, source, drop_date, published_at, fingerprint, record)
		SELECT ?, ?, ?, date, ?, ?, ? FROM drops WHERE closed_at IS NULL`,
		r.ArticleID, r.Revision, r.Source, published, r.Fingerprint(), text)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errors.New("no drop is open"), err)
	}
	return nil
}

// end closes an item once: a second outcome for it is an error, and so is one
// outside the vocabulary.
func (s *Store) end(ctx context.Context, tx *sql.Tx, item Item, outcome article.Outcome, reason string) error {
	if !outcome.Valid() {
		return fmt.Errorf("%q is no outcome", outcome)
	}
	done, err := tx.ExecContext(ctx, `UPDATE items SET outcome = ?, reason = ?, closed_at = ? WHERE id = ? AND outcome IS NULL`,
		outcome, sql.NullString{String: reason, Valid: reason != ""}, micros(s.now()), item.ID)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(fmt.Errorf("item %d has an outcome already", item.ID), err)
	}
	return nil
}
