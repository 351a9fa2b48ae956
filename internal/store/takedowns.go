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

// Ask remembers that an article's text must go. From now on it is not read again; the
// next seal takes it down. To ask again changes nothing.
func (s *Store) Ask(ctx context.Context, t Takedown) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO takedowns (article_id, reason, asked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, t.ArticleID, t.Reason, micros(s.now()))
	return err
}

// TakeDown blanks every text of an article that the store holds, and has its sealed
// days sealed anew without it and its live parts removed. It is one transaction; what
// has to happen in S3 follows from it, and [Store.Wipe] comes after it. AlsoIn are
// days that hold revisions which the store has let go. A day whose manifest is fixed
// and not yet sealed is refused: it may hold the text in its spool.
func (s *Store) TakeDown(ctx context.Context, t Takedown, alsoIn []string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.takeDown(ctx, tx, t); err != nil {
			return err
		}
		days, err := column(ctx, tx, `SELECT DISTINCT drop_date FROM revisions WHERE article_id = ? ORDER BY drop_date`, t.ArticleID)
		if err != nil {
			return err
		}
		days = slices.Compact(slices.Sorted(slices.Values(slices.Concat(days, alsoIn))))
		return s.reseal(ctx, tx, days, "takedown of "+t.ArticleID+": "+t.Reason)
	})
}

// Heed is TakeDown for articles that somebody else has taken out of the sealed days
// already, as their manifests say: this store was put back from a copy made before.
// It gives how many of them it did not know.
func (s *Store) Heed(ctx context.Context, list []Takedown) (unknown int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		unknown = 0
		for _, t := range list {
			var known bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM takedowns WHERE article_id = ?)`, t.ArticleID).Scan(&known); err != nil {
				return err
			}
			if known {
				continue
			}
			if err := s.takeDown(ctx, tx, t); err != nil {
				return err
			}
			unknown++
		}
		return nil
	})
	return unknown, err
}

// takeDown takes the text out of all there is here.
func (s *Store) takeDown(ctx context.Context, tx *sql.Tx, t Takedown) error {
	for _, query := range []string{
		`INSERT INTO takedowns (article_id, reason, asked_at, blanked_at) VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET blanked_at = ?3, wiped_at = NULL, erased_at = NULL`,
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
	return blank(ctx, tx, t)
}

// Wipe writes the file anew when texts were blanked since it last was: what was
// overwritten stays in its free room otherwise. It fails while another process reads
// the file, and is to be tried again then.
func (s *Store) Wipe(ctx context.Context) error {
	var due bool
	err := s.w.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM takedowns WHERE blanked_at IS NOT NULL AND wiped_at IS NULL)`).Scan(&due)
	if err != nil || !due {
		return err
	}
	if _, err := s.w.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	var busy, pages, moved int
	if err := s.w.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("another process reads the store, so that what was taken down may stand in its log; end it, or wait for the next seal")
	}
	_, err = s.w.ExecContext(ctx, `UPDATE takedowns SET wiped_at = ? WHERE blanked_at IS NOT NULL`, micros(s.now()))
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
		if _, err := each(ctx, tx, batch, dissolving); err != nil {
			return err
		}
	}
	return nil
}

// dissolving is what makes a live part go, and its rows free to be in another.
var dissolving = []string{
	`INSERT INTO removals (key) SELECT key FROM batches WHERE id = ? ON CONFLICT DO NOTHING`,
	`UPDATE revisions SET batch = CASE WHEN EXISTS (SELECT 1 FROM drops WHERE date = drop_date AND sealed_at IS NOT NULL) THEN 0 END WHERE batch = ?`,
	`DELETE FROM batches WHERE id = ?`,
}

// blank takes the text out of every revision of the article, and what judgements say of it.
func blank(ctx context.Context, tx *sql.Tx, t Takedown) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM judgements WHERE item IN (SELECT id FROM items WHERE article_id = ?)`, t.ArticleID); err != nil {
		return err
	}
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

// Stage is how far a takedown has come.
type Stage int

// The stages.
const (
	AllTakedowns      Stage = iota
	OpenTakedowns           // something is still to be done
	AskedTakedowns          // nothing is done yet
	UnerasedTakedowns       // it may still stand in the captures
)

var ofStage = [...]string{
	AllTakedowns:      `SELECT article_id, reason FROM takedowns ORDER BY article_id`,
	OpenTakedowns:     `SELECT article_id, reason FROM takedowns WHERE blanked_at IS NULL OR wiped_at IS NULL OR erased_at IS NULL ORDER BY article_id`,
	AskedTakedowns:    `SELECT article_id, reason FROM takedowns WHERE blanked_at IS NULL ORDER BY article_id`,
	UnerasedTakedowns: `SELECT article_id, reason FROM takedowns WHERE blanked_at IS NOT NULL AND erased_at IS NULL ORDER BY article_id`,
}

// Takedowns gives those of a stage.
func (s *Store) Takedowns(ctx context.Context, stage Stage) (list []Takedown, err error) {
	rows, err := s.r.QueryContext(ctx, ofStage[stage])
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
