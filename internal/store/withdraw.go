package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"attache/internal/article"
)

// Gone notes that a visit found a known article gone, and puts the visit that is
// to confirm it off until then. It costs no attempt.
func (s *Store) Gone(ctx context.Context, item Item, until time.Time) error {
	_, err := s.w.ExecContext(ctx, `UPDATE items SET gone_at = coalesce(gone_at, ?2), not_before = ?3 WHERE id = ?1 AND outcome IS NULL`,
		item.ID, micros(s.now()), micros(until))
	return err
}

// GoneLately counts the source's articles that were found gone, waiting for a week at
// most for confirmation or withdrawn since then, and all that were looked at again.
func (s *Store) GoneLately(ctx context.Context, source string, since time.Time) (gone, looked int, err error) {
	var waiting int
	err = s.r.QueryRowContext(ctx, `SELECT
			(SELECT count(*) FROM items WHERE source = ?1 AND gone_at >= ?3 AND outcome IS NULL),
			(SELECT count(*) FROM items WHERE source = ?1 AND closed_at >= ?2 AND kind = 'revisit' AND gone_at IS NOT NULL AND outcome IN ('withdrawn', 'out_of_scope')),
			(SELECT count(*) FROM items WHERE source = ?1 AND closed_at >= ?2 AND kind = 'revisit')`,
		source, micros(since), micros(s.now().Add(-leftover))).Scan(&waiting, &gone, &looked)
	return waiting + gone, waiting + looked, err
}

// held is the reason of an open item whose withdrawal is held; its end has another.
const held = "its withdrawal is held"

// Hold puts the next look at an article that was found gone twice off.
func (s *Store) Hold(ctx context.Context, item Item, until time.Time) error {
	_, err := s.w.ExecContext(ctx, `UPDATE items SET not_before = ?, reason = ? WHERE id = ? AND outcome IS NULL`, micros(until), held, item.ID)
	return err
}

// WithdrawalsHeld counts, by source, the withdrawals that are held.
func (s *Store) WithdrawalsHeld(ctx context.Context) (map[string]int, error) {
	return tally[string](ctx, s.r, `SELECT source, count(*) FROM items WHERE gone_at IS NOT NULL AND outcome IS NULL AND reason = ? GROUP BY source`, held)
}

// Hasten makes the source's articles that wait for a confirmed withdrawal be looked
// at now.
func (s *Store) Hasten(ctx context.Context, source string) error {
	_, err := s.w.ExecContext(ctx, `UPDATE items SET not_before = 0 WHERE source = ? AND gone_at IS NOT NULL AND outcome IS NULL`, source)
	return err
}

// Withdraw ends an item whose article is no longer there, for one of two reasons:
// the publisher took it away, or its text has left the topic. A row says so: the
// last revision once more, as withdrawn. The article must have been stored.
func (s *Store) Withdraw(ctx context.Context, item Item, run string, reason article.ChangeReason, note string) (outcome article.Outcome, err error) {
	outcome = article.Withdrawn
	if reason == article.FromTopic {
		outcome = article.OutOfScope
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		last, err := latest(ctx, tx, item.ArticleID)
		if err != nil {
			return err
		}
		if last == nil {
			return fmt.Errorf("%s was never stored, it cannot be withdrawn", item.ArticleID)
		}
		last.Revision++
		last.ChangeType, last.ChangeReason = article.Removed, reason
		last.RunID, last.FetchedAt, last.RawRef = run, s.now().UTC().Truncate(time.Microsecond), nil
		if err := insertRevision(ctx, tx, last); err != nil {
			return err
		}
		return s.end(ctx, tx, item, outcome, note)
	})
	return outcome, err
}

// Latest is the newest revision of an article; nil when none is stored, or was so
// long ago that [Store.Prune] has let its text go.
func (s *Store) Latest(ctx context.Context, articleID string) (*article.Record, error) {
	return latest(ctx, s.r, articleID)
}

func latest(ctx context.Context, q querier, articleID string) (*article.Record, error) {
	for row, err := range records(ctx, q, `SELECT record FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT 1`, articleID) {
		if err != nil {
			return nil, err
		}
		if len(row) == 0 {
			return nil, nil
		}
		r := new(article.Record)
		if err := json.Unmarshal(row, r); err != nil {
			return nil, fmt.Errorf("%s: its record in the store is no JSON: %w", articleID, err)
		}
		return r, nil
	}
	return nil, nil
}
