package store

import (
	"context"
	"database/sql"
	"time"
)

// Watch says when an article is to be looked at again, and by which validators
// its page is known. A zero Next ends the watch.
type Watch struct {
	Next         time.Time
	ETag         string
	LastModified string
}

// OpenRevisits opens the source's watched articles whose time has come, at most
// limit of them, the longest due first, and says how many. Those that are open already wait.
func (s *Store) OpenRevisits(ctx context.Context, source string, limit int) (opened int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		at, err := s.stamp(ctx, tx)
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO items (article_id, source, kind, url, opened_at, dated)
			SELECT w.article_id, w.source, 'revisit', w.url, ?4, (SELECT dated FROM items d WHERE d.article_id = w.article_id AND d.dated IS NOT NULL ORDER BY d.id LIMIT 1)
			FROM watches w
			WHERE w.source = ?1 AND w.next <= ?2 AND NOT EXISTS (SELECT 1 FROM items i WHERE i.article_id = w.article_id AND i.outcome IS NULL)
			ORDER BY w.next LIMIT ?3`, source, micros(s.now()), limit, at)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		opened = int(n)
		return err
	})
	return opened, err
}

// watch keeps when the item's article is to be looked at again, in the transaction
// that ends the item.
func watch(ctx context.Context, tx *sql.Tx, i Item) error {
	query, args := `INSERT INTO watches (article_id, source, url, next, etag, last_modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT DO UPDATE SET url = ?3, next = ?4, etag = ?5, last_modified = ?6`,
		[]any{i.ArticleID, i.Source, i.URL, micros(i.Watch.Next), i.Watch.ETag, i.Watch.LastModified}
	if i.Watch.Next.IsZero() {
		query, args = `DELETE FROM watches WHERE article_id = ?`, args[:1]
	}
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}
