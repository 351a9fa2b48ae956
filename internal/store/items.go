package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"attache/internal/article"
)

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
	GoneAt    time.Time // when a visit first found the known article gone; zero when none did
	Watch     Watch     // as it stands; whoever ends the item sets the next
	Aliases   []string  // other addresses a visit found; kept when the item ends
	Archived  bool      // the article was met in an archive, not as news
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

// leftover is when ordinary runs take over what a backfill has left open. What an
// archive lists of so short a time is news.
const leftover = 7 * 24 * time.Hour

// Todo gives the source's open items whose time has come: what was never visited
// first, oldest first, then what gave nothing, in the order of its rest. So an
// address that always fails keeps no other waiting. Those of a backfill are apart for
// a week, since they are visited at another pace.
func (s *Store) Todo(ctx context.Context, source string, backfill bool) ([]Item, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT i.id, i.article_id, i.source, i.url, i.kind, i.attempts, i.dated, i.gone_at,
			coalesce(k.first_seen, i.opened_at),
			coalesce(w.etag, ''), coalesce(w.last_modified, ''), coalesce(k.archived, 0)
		FROM items i LEFT JOIN watches w ON w.article_id = i.article_id LEFT JOIN known k ON k.article_id = i.article_id
		WHERE i.source = ? AND i.outcome IS NULL AND i.not_before <= ? AND (i.kind = 'backfill' AND i.opened_at > ?) = ?
		ORDER BY i.not_before, i.id`, source, micros(s.now()), micros(s.now().Add(-leftover)), backfill)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var todo []Item
	for rows.Next() {
		var i Item
		var seen int64
		var dated, gone sql.NullInt64
		if err := rows.Scan(&i.ID, &i.ArticleID, &i.Source, &i.URL, &i.Kind, &i.Attempts, &dated, &gone, &seen, &i.Watch.ETag, &i.Watch.LastModified, &i.Archived); err != nil {
			return nil, err
		}
		if dated.Valid {
			i.Dated = fromMicros(dated.Int64)
		}
		if gone.Valid {
			i.GoneAt = fromMicros(gone.Int64)
		}
		i.FirstSeen = fromMicros(seen)
		todo = append(todo, i)
	}
	return todo, rows.Err()
}

// StillOpen counts the source's open items of a kind, those that rest included.
func (s *Store) StillOpen(ctx context.Context, source, kind string) (n int, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT count(*) FROM items WHERE source = ? AND kind = ? AND outcome IS NULL`, source, kind).Scan(&n)
	return n, err
}

// Attempt counts a visit that gave nothing. The item stays open, and rests for
// 10 minutes, then four times as long after each further visit, but at least until
// the time given, until its budget of visits is spent; then it ends as failed, and ended
// is true. Five visits span some 14 hours.
func (s *Store) Attempt(ctx context.Context, item Item, budget int, least time.Time, reason string) (ended bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		var attempts int
		err := tx.QueryRowContext(ctx, `UPDATE items SET attempts = attempts + 1 WHERE id = ? AND outcome IS NULL RETURNING attempts`, item.ID).Scan(&attempts)
		if err != nil {
			return fmt.Errorf("item %d: %w", item.ID, err)
		}
		if ended = attempts >= budget; !ended {
			rest := 10 * time.Minute << (2 * min(attempts-1, 6))
			_, err := tx.ExecContext(ctx, `UPDATE items SET not_before = ? WHERE id = ?`, max(micros(s.now().Add(rest)), micros(least)), item.ID)
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

// end closes an item once: a second outcome for it is an error, and so is one
// outside the vocabulary. It is not closed before it was opened, though the clock
// may say so. When to look again is kept with it.
func (s *Store) end(ctx context.Context, tx *sql.Tx, item Item, outcome article.Outcome, reason string) error {
	if !outcome.Valid() {
		return fmt.Errorf("%q is no outcome", outcome)
	}
	now, err := s.stamp(ctx, tx)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `UPDATE items SET outcome = ?, reason = ?, closed_at = max(opened_at, ?) WHERE id = ? AND outcome IS NULL`,
		outcome, sql.NullString{String: reason, Valid: reason != ""}, now, item.ID)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(fmt.Errorf("item %d has an outcome already", item.ID), err)
	}
	for _, address := range item.Aliases {
		if err := s.alias(ctx, tx, item.ArticleID, address); err != nil {
			return err
		}
	}
	return watch(ctx, tx, item)
}
