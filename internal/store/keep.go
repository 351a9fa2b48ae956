package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"attache/internal/article"
)

// Keep ends an item with its record: a first revision, a further one when the
// content differs from the last, or nothing new. The record's revision and
// change type are set here, where they are known; the revision goes into the
// open drop. Item and revision are one transaction.
func (s *Store) Keep(ctx context.Context, item Item, r *article.Record, t Telling) (outcome article.Outcome, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if outcome, err = revise(ctx, tx, r); err != nil {
			return err
		}
		if err := tell(ctx, tx, r.ArticleID, t); err != nil {
			return err
		}
		return s.end(ctx, tx, item, outcome, "")
	})
	return outcome, err
}

// First is what comes with an article's first revision besides its record.
type First struct {
	Telling Telling
	Next    time.Time // when it is looked at again, unless that is settled; zero for never
}

// Reread keeps what today's rules read in an old capture. It is a work item of its
// own, opened and ended at once. Without first, what the article is found by and when it
// is looked at again stand as they are.
func (s *Store) Reread(ctx context.Context, url string, r *article.Record, first *First) (outcome article.Outcome, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if outcome, err = revise(ctx, tx, r); err != nil {
			return err
		}
		now, err := s.stamp(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, meeting, r.ArticleID, now, false); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO items (article_id, source, kind, url, opened_at, closed_at, outcome, reason) VALUES (?, ?, 'revisit', ?, ?, ?, ?, 'read again from its capture')`,
			r.ArticleID, r.Source, url, now, now, outcome)
		if err != nil || first == nil {
			return err
		}
		if err := tell(ctx, tx, r.ArticleID, first.Telling); err != nil || first.Next.IsZero() {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO watches (article_id, source, url, next, etag, last_modified) VALUES (?, ?, ?, ?, '', '') ON CONFLICT DO NOTHING`,
			r.ArticleID, r.Source, url, micros(first.Next))
		return err
	})
	return outcome, err
}

// revise adds the record as the next revision unless the last one says the same.
func revise(ctx context.Context, tx *sql.Tx, r *article.Record) (article.Outcome, error) {
	var last int
	var fingerprint string
	err := tx.QueryRowContext(ctx, `SELECT revision, fingerprint FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT 1`, r.ArticleID).
		Scan(&last, &fingerprint)
	outcome := article.Revised
	r.Revision, r.ChangeType = last+1, article.Changed
	switch {
	case errors.Is(err, sql.ErrNoRows):
		r.Revision, r.ChangeType, outcome = 1, article.Added, article.Stored
	case err != nil:
		return "", err
	case r.Fingerprint() == fingerprint:
		return article.Unchanged, nil
	}
	return outcome, insertRevision(ctx, tx, r)
}

// withdrawn stands in the place of a fingerprint: whatever comes after it is a change.
const withdrawn = "withdrawn"

func insertRevision(ctx context.Context, tx *sql.Tx, r *article.Record) error {
	text, err := r.JSON()
	if err != nil {
		return err
	}
	var published sql.NullInt64
	if r.PublishedAt != nil {
		published = sql.NullInt64{Int64: micros(*r.PublishedAt), Valid: true}
	}
	fingerprint := r.Fingerprint()
	if r.ChangeType == article.Removed {
		fingerprint = withdrawn
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO revisions (article_id, revision, source, drop_date, published_at, fingerprint, record)
		SELECT ?, ?, ?, date, ?, ?, ? FROM drops WHERE closed_at IS NULL`,
		r.ArticleID, r.Revision, r.Source, published, fingerprint, text)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errors.New("no drop is open"), err)
	}
	return nil
}
