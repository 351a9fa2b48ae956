package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"attache/internal/article"
)

// Takedown is an article whose text must not be kept.
type Takedown struct {
	ArticleID string
	Reason    string
}

// TakeDown blanks every text of an article that the store holds, has its sealed
// days sealed anew without it and its live parts removed, and remembers that it is not to
// be read again. It is one transaction, after which the file is written anew; what has
// to happen in S3 follows from it. A day
// whose manifest is fixed and not yet sealed holds the text in its spool: seal it first.
// AlsoIn are days that hold revisions which the store has let go.
func (s *Store) TakeDown(ctx context.Context, t Takedown, alsoIn []string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, query := range []string{
			`INSERT INTO takedowns (article_id, reason, asked_at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET reason = ?2, erased_at = NULL`,
			`DELETE FROM watches WHERE article_id = ?1`,
			`DELETE FROM story_keys WHERE article_id = ?1`,
			`DELETE FROM sketches WHERE article_id = ?1`,
		} {
			if _, err := tx.ExecContext(ctx, query, t.ArticleID, t.Reason, micros(s.now())); err != nil {
				return err
			}
		}
		if err := s.unfreeze(ctx, tx, t.ArticleID); err != nil {
			return err
		}
		if err := blank(ctx, tx, t); err != nil {
			return err
		}
		days, err := column(ctx, tx, `SELECT DISTINCT drop_date FROM revisions WHERE article_id = ? ORDER BY drop_date`, t.ArticleID)
		if err != nil {
			return err
		}
		days = slices.Compact(slices.Sorted(slices.Values(slices.Concat(days, alsoIn))))
		return s.reseal(ctx, tx, days, "takedown of "+t.ArticleID+": "+t.Reason)
	})
	if err != nil {
		return err
	}
	// What was overwritten stays in the file's free room otherwise.
	_, err = s.w.ExecContext(ctx, `VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// unfreeze has the live parts that hold the article removed. Their rows are frozen
// again if their day is not sealed.
func (s *Store) unfreeze(ctx context.Context, tx *sql.Tx, articleID string) error {
	batches, err := column(ctx, tx, `SELECT DISTINCT batch FROM revisions WHERE article_id = ? AND batch > 0`, articleID)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		for _, query := range []string{
			`INSERT INTO removals (key) SELECT key FROM batches WHERE id = ? ON CONFLICT DO NOTHING`,
			`UPDATE revisions SET batch = CASE WHEN EXISTS (SELECT 1 FROM drops WHERE date = drop_date AND sealed_at IS NOT NULL) THEN 0 END WHERE batch = ?`,
			`DELETE FROM batches WHERE id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, query, batch); err != nil {
				return err
			}
		}
	}
	return nil
}

// blank takes the text out of every revision of the article.
func blank(ctx context.Context, tx *sql.Tx, t Takedown) error {
	seqs, err := column(ctx, tx, `SELECT seq FROM revisions WHERE article_id = ? AND record <> x''`, t.ArticleID)
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		var text []byte
		if err := tx.QueryRowContext(ctx, `SELECT record FROM revisions WHERE seq = ?`, seq).Scan(&text); err != nil {
			return err
		}
		var r article.Record
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("revision %s: %w", seq, err)
		}
		r.Redact(t.Reason)
		if text, err = r.JSON(); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE revisions SET record = ?, fingerprint = ? WHERE seq = ?`, text, withdrawn, seq); err != nil {
			return err
		}
	}
	return nil
}

// reseal asks for a further revision of those of the days that are sealed.
func (s *Store) reseal(ctx context.Context, tx *sql.Tx, days []string, reason string) error {
	for _, day := range days {
		var sealed, intended bool
		if err := tx.QueryRowContext(ctx, `SELECT sealed_at IS NOT NULL, EXISTS (SELECT 1 FROM seals WHERE seals.date = drops.date AND manifest IS NOT NULL AND sealed_at IS NULL)
			FROM drops WHERE date = ?`, day).Scan(&sealed, &intended); err != nil {
			return err
		}
		switch {
		case intended:
			return fmt.Errorf("the drop of %s is being sealed with the text in it; run attache drop seal first", day)
		case sealed:
			if _, err := revision(ctx, tx, day, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

// TakenDown gives the reason why an article must not be read; empty when it may.
func (s *Store) TakenDown(ctx context.Context, articleID string) (reason string, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT reason FROM takedowns WHERE article_id = ?`, articleID).Scan(&reason)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return reason, err
}

// Takedowns gives all there are; only those whose captures are still to be erased, if asked.
func (s *Store) Takedowns(ctx context.Context, unerased bool) (list []Takedown, err error) {
	rows, err := s.r.QueryContext(ctx, `SELECT article_id, reason FROM takedowns WHERE NOT ? OR erased_at IS NULL ORDER BY article_id`, unerased)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Takedown
		if err := rows.Scan(&t.ArticleID, &t.Reason); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// Erased notes that the captures of an article are gone.
func (s *Store) Erased(ctx context.Context, articleID string) error {
	_, err := s.w.ExecContext(ctx, `UPDATE takedowns SET erased_at = ? WHERE article_id = ?`, micros(s.now()), articleID)
	return err
}

// Addresses gives every address the store knows an article by.
func (s *Store) Addresses(ctx context.Context, articleID string) ([]string, error) {
	return column(ctx, s.r, `SELECT url FROM items WHERE article_id = ?1 UNION SELECT address FROM aliases WHERE article_id = ?1
		UNION SELECT json_extract(record, '$.url') FROM revisions WHERE article_id = ?1 AND record <> x''
		UNION SELECT json_extract(record, '$.canonical_url') FROM revisions WHERE article_id = ?1 AND record <> x''`, articleID)
}

// Kept is a revision of an article that the store knows.
type Kept struct {
	Revision int    `json:"revision"`
	Drop     string `json:"drop_date"`
	Title    string `json:"title"` // empty when the text is gone
}

// Revisions gives those of an article, oldest first.
func (s *Store) Revisions(ctx context.Context, articleID string) ([]Kept, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT revision, drop_date, CASE WHEN record = x'' THEN '' ELSE coalesce(json_extract(record, '$.title'), '') END
		FROM revisions WHERE article_id = ? ORDER BY revision`, articleID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Kept{}
	for rows.Next() {
		var k Kept
		if err := rows.Scan(&k.Revision, &k.Drop, &k.Title); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, rows.Err()
}
