package store

import (
	"context"
	"database/sql"
	"time"
)

// Quarantined is an address whose page broke a contract and was not opened again since.
type Quarantined struct {
	Source string    `json:"source"`
	URL    string    `json:"url"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// inQuarantine picks the items that are the last of their article and ended in
// quarantine; ?1 is the source, or empty for all.
const inQuarantine = ` FROM items q WHERE q.outcome = 'quarantined' AND (?1 = '' OR q.source = ?1)
	AND NOT EXISTS (SELECT 1 FROM items later WHERE later.article_id = q.article_id AND later.id > q.id)`

// InQuarantine gives the addresses that stand in quarantine, oldest first. (The plus
// keeps SQLite from walking all items for the sake of the order.)
func (s *Store) InQuarantine(ctx context.Context, source string) ([]Quarantined, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT q.source, q.url, coalesce(q.reason, ''), q.closed_at`+inQuarantine+` ORDER BY +q.id`, source)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Quarantined{}
	for rows.Next() {
		var q Quarantined
		var at int64
		if err := rows.Scan(&q.Source, &q.URL, &q.Reason, &at); err != nil {
			return nil, err
		}
		q.At = fromMicros(at)
		list = append(list, q)
	}
	return list, rows.Err()
}

// Release opens them again, for rules that were mended: the next run reads them.
// It says how many. Each is a work item of its own; the old outcome stands.
func (s *Store) Release(ctx context.Context, source string) (released int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		at, err := s.stamp(ctx, tx)
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO items (article_id, source, kind, url, opened_at)
			SELECT q.article_id, q.source, 'revisit', q.url, ?2`+inQuarantine, source, at)
		if err != nil {
			return err
		}
		released, err = done.RowsAffected()
		return err
	})
	return released, err
}
