package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"attache/internal/article"
)

// Judgement says why an address is out of scope.
type Judgement struct {
	ArticleID string           `json:"article_id"`
	Source    string           `json:"source"`
	URL       string           `json:"url"`
	At        time.Time        `json:"judged_at"`
	Score     *float64         `json:"score"`     // null: by its title alone, and not visited
	Threshold float64          `json:"threshold"` // it would have had to reach; 0 when not visited
	Title     string           `json:"title"`     // its first 300 bytes
	Language  string           `json:"language"`  // BCP 47
	Signals   []article.Signal `json:"signals"`   // the strongest
	Raw       *article.RawRef  `json:"raw_ref"`   // its page; null when none is kept
}

// maxTitle bounds what is kept of a title, bytes.
const maxTitle = 300

// EndOutside closes an item that was read and is about something else.
func (s *Store) EndOutside(ctx context.Context, item Item, reason string, j Judgement) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.end(ctx, tx, item, article.OutOfScope, reason); err != nil {
			return err
		}
		return judge(ctx, tx, item.ID, j)
	})
}

func judge(ctx context.Context, tx *sql.Tx, item int64, j Judgement) error {
	if j.Signals == nil {
		j.Signals = []article.Signal{}
	}
	signals, err := json.Marshal(j.Signals)
	if err != nil {
		return err
	}
	var raw article.RawRef
	if j.Raw != nil {
		raw = *j.Raw
	}
	if len(j.Title) > maxTitle {
		j.Title = strings.ToValidUTF8(j.Title[:maxTitle], "") + "…"
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO judgements (item, score, threshold, title, language, signals, segment, offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		item, j.Score, j.Threshold, j.Title, j.Language, signals, sql.NullString{String: raw.Segment, Valid: j.Raw != nil}, sql.NullInt64{Int64: raw.Offset, Valid: j.Raw != nil})
	return err
}

// Judgements streams what was judged out of scope in [from, to), of one source or,
// for "", of all, by source and time: of each article the last judgement, unless one
// after it, at any time, kept the article.
func (s *Store) Judgements(ctx context.Context, source string, from, to time.Time) iter.Seq2[Judgement, error] {
	return func(yield func(Judgement, error) bool) {
		list := []string{source}
		if source == "" {
			var err error
			if list, err = column(ctx, s.r, sources+`SELECT source FROM sources WHERE source IS NOT NULL ORDER BY source`); err != nil {
				yield(Judgement{}, err)
				return
			}
		}
		for _, source := range list {
			if !s.judgements(ctx, source, from, to, yield) {
				return
			}
		}
	}
}

func (s *Store) judgements(ctx context.Context, source string, from, to time.Time, yield func(Judgement, error) bool) bool {
	rows, err := s.r.QueryContext(ctx, `SELECT i.article_id, i.url, i.closed_at, j.score, j.threshold, j.title, j.language, j.signals, j.segment, j.offset
		FROM items i CROSS JOIN judgements j ON j.item = i.id
		WHERE i.source = ?1 AND i.closed_at >= ?2 AND i.closed_at < ?3 AND i.outcome = 'out_of_scope'
		AND NOT EXISTS (SELECT 1 FROM items l WHERE l.article_id = i.article_id AND l.id > i.id
			AND (l.outcome IN ('stored', 'revised') OR l.outcome = 'out_of_scope' AND l.closed_at < ?3))
		ORDER BY i.closed_at, i.id`, source, micros(from), micros(to))
	if err != nil {
		return yield(Judgement{}, err)
	}
	defer rows.Close()
	for rows.Next() {
		j := Judgement{Source: source}
		var at int64
		var signals []byte
		var segment sql.NullString
		var offset sql.NullInt64
		if err := rows.Scan(&j.ArticleID, &j.URL, &at, &j.Score, &j.Threshold, &j.Title, &j.Language, &signals, &segment, &offset); err != nil {
			return yield(Judgement{}, err)
		}
		if err := json.Unmarshal(signals, &j.Signals); err != nil {
			return yield(Judgement{}, fmt.Errorf("signals of %s: %w", j.ArticleID, err))
		}
		j.At = fromMicros(at)
		if segment.Valid {
			j.Raw = &article.RawRef{Segment: segment.String, Offset: offset.Int64}
		}
		if !yield(j, nil) {
			return false
		}
	}
	return rows.Err() == nil || yield(Judgement{}, rows.Err())
}

// Last streams the last revision of each article, of one source or, for "", of all,
// whose last change went into a drop of [from, to), dates of drops. let counts the
// articles among them whose text the store has let go.
func (s *Store) Last(ctx context.Context, source, from, to string, let *int) iter.Seq2[*article.Record, error] {
	return func(yield func(*article.Record, error) bool) {
		rows := records(ctx, s.r, `SELECT record FROM revisions r WHERE drop_date >= ? AND drop_date < ? AND (?3 = '' OR source = ?3)
			AND NOT EXISTS (SELECT 1 FROM revisions l WHERE l.article_id = r.article_id AND l.revision > r.revision)
			ORDER BY drop_date, source, published_at, article_id`, from, to, source)
		for text, err := range rows {
			if err == nil && len(text) == 0 {
				*let++
				continue
			}
			var r article.Record
			if err == nil {
				err = json.Unmarshal(text, &r)
			}
			if !yield(&r, err) || err != nil {
				return
			}
		}
	}
}
