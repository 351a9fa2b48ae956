package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"time"

	"attache/internal/article"
)

// LedgerOf gives what became of each source's items while a drop was open: its
// window is [from, to). Windows follow each other, and so do their ledgers.
func (s *Store) LedgerOf(ctx context.Context, drop string, from, to time.Time) ([]article.Ledger, error) {
	tx, err := s.r.BeginTx(ctx, nil) // one look: a run may go on beside
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // nothing was written
	return count(ctx, tx, drop, micros(from), micros(to))
}

// Watched is how a source was watched in a stretch of time.
type Watched struct {
	Read   bool              // one of its lists could be read at least
	Robots map[string]string // digests of the robots.txt its last run obeyed, by origin
}

// Watched tells of each source that had a run for news which ended in [from, to).
func (s *Store) Watched(ctx context.Context, from, to time.Time) (map[string]Watched, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT source, coalesce(json_extract(summary, '$.robots'), '{}'),
		EXISTS (SELECT 1 FROM json_each(summary, '$.steps') WHERE json_extract(value, '$.error') IS NULL)
		FROM runs WHERE ended_at >= ? AND ended_at < ? AND kind = 'news' ORDER BY ended_at`, micros(from), micros(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	watched := map[string]Watched{}
	for rows.Next() {
		var source string
		var text []byte
		var read bool
		if err := rows.Scan(&source, &text, &read); err != nil {
			return nil, err
		}
		w := watched[source]
		w.Read = w.Read || read
		robots := map[string]string{}
		if err := json.Unmarshal(text, &robots); err != nil {
			return nil, err
		}
		if len(robots) > 0 || w.Robots == nil { // one that asked nothing obeyed what the one before did
			w.Robots = robots
		}
		watched[source] = w
	}
	return watched, rows.Err()
}

// Reject is an address whose page broke a contract while a drop was open.
type Reject struct {
	ArticleID string    `json:"article_id"`
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"rejected_at"`
}

// Rejects streams what was quarantined in [from, to), by source and time.
func (s *Store) Rejects(ctx context.Context, from, to time.Time) iter.Seq2[Reject, error] {
	return func(yield func(Reject, error) bool) {
		sources, err := column(ctx, s.r, sources+`SELECT source FROM sources WHERE source IS NOT NULL ORDER BY source`)
		if err != nil {
			yield(Reject{}, err)
			return
		}
		for _, source := range sources {
			if !s.rejects(ctx, source, from, to, yield) {
				return
			}
		}
	}
}

func (s *Store) rejects(ctx context.Context, source string, from, to time.Time, yield func(Reject, error) bool) bool {
	rows, err := s.r.QueryContext(ctx, `SELECT article_id, url, reason, closed_at FROM items
		WHERE source = ? AND closed_at >= ? AND closed_at < ? AND outcome = 'quarantined' ORDER BY closed_at, id`, source, micros(from), micros(to))
	if err != nil {
		return yield(Reject{}, err)
	}
	defer rows.Close()
	for rows.Next() {
		r := Reject{Source: source}
		var reason sql.NullString
		var at int64
		if err := rows.Scan(&r.ArticleID, &r.URL, &reason, &at); err != nil {
			return yield(Reject{}, err)
		}
		r.Reason, r.At = reason.String, fromMicros(at)
		if !yield(r, nil) {
			return false
		}
	}
	return rows.Err() == nil || yield(Reject{}, rows.Err())
}

// WholeRows counts the day's revisions whose text the store still holds.
func (s *Store) WholeRows(ctx context.Context, date string) (n int64, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT count(*) FROM revisions WHERE drop_date = ? AND record <> x''`, date).Scan(&n)
	return n, err
}
