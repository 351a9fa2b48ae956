package store

import "context"

// Pruned reports whether the article was stored once, and [Store.Prune] has let the
// text of its last revision go.
func (s *Store) Pruned(ctx context.Context, articleID string) (pruned bool, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT coalesce((SELECT record = x'' FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT 1), 0)`, articleID).Scan(&pruned)
	return pruned, err
}
