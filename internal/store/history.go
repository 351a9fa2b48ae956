package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"
)

// News is an instant at which addresses were opened as new, and how many.
type News struct {
	At    time.Time
	Count int
}

// News gives when the source had news since then, oldest first. It reads an index
// alone: about a millisecond for a thousand addresses.
func (s *Store) News(ctx context.Context, source string, since time.Time) ([]News, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT opened_at, count(*) FROM items WHERE source = ? AND opened_at >= ? AND kind = 'new' GROUP BY opened_at ORDER BY opened_at`, source, micros(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []News
	for rows.Next() {
		var n News
		var at int64
		if err := rows.Scan(&at, &n.Count); err != nil {
			return nil, err
		}
		n.At = fromMicros(at)
		list = append(list, n)
	}
	return list, rows.Err()
}

// LastNews is when the source last had news; zero when it never had.
func (s *Store) LastNews(ctx context.Context, source string) (time.Time, error) {
	var at int64
	err := s.r.QueryRowContext(ctx, `SELECT opened_at FROM items WHERE source = ? AND kind = 'new' ORDER BY opened_at DESC LIMIT 1`, source).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return fromMicros(at), err
}

// Looks gives when the source's runs began that saw every list and ended well, since
// then, oldest first.
func (s *Store) Looks(ctx context.Context, source string, since time.Time) ([]time.Time, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT started_at FROM runs WHERE source = ? AND whole = 1 AND started_at >= ? ORDER BY started_at`, source, micros(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []time.Time
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return nil, err
		}
		list = append(list, fromMicros(at))
	}
	return list, rows.Err()
}

// NewestSummaries streams the summaries of the source's runs for news that have ended
// since then, newest first; one is valid until the next. Whoever has seen enough
// leaves the rest unread.
func (s *Store) NewestSummaries(ctx context.Context, source string, since time.Time) iter.Seq2[[]byte, error] {
	return records(ctx, s.r, `SELECT summary FROM runs WHERE source = ? AND kind = 'news' AND started_at >= ? AND summary IS NOT NULL ORDER BY started_at DESC`, source, micros(since))
}
