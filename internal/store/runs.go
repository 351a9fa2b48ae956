package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"attache/internal/article"
)

// BeginRun records that a run of the source has started: of its news, or a backfill.
// Whatever the clock does, it is in the window of the drop that is open.
func (s *Store) BeginRun(ctx context.Context, run, source, kind string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.stamp(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO runs (id, source, kind, started_at) VALUES (?, ?, ?, ?)`, run, source, kind, now)
		return err
	})
}

// EndRun records how it went, and whether it saw every list and ended well. A run
// without an end was cut off.
func (s *Store) EndRun(ctx context.Context, run string, summary []byte, whole bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.stamp(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE runs SET ended_at = ?, summary = ?, whole = ? WHERE id = ?`, now, string(summary), whole, run)
		return err
	})
}

// LastRun is when the source's last run started and, if it ended, its summary.
func (s *Store) LastRun(ctx context.Context, source string) (started time.Time, summary []byte, err error) {
	var at int64
	var text sql.NullString
	err = s.r.QueryRowContext(ctx, `SELECT started_at, summary FROM runs WHERE source = ? ORDER BY started_at DESC LIMIT 1`, source).Scan(&at, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil, nil
	}
	return fromMicros(at), []byte(text.String), err
}

// Summaries gives the summaries of the source's runs that ended since the given
// time, newest first, and when each started.
func (s *Store) Summaries(ctx context.Context, source string, since time.Time) (summaries [][]byte, started []time.Time, err error) {
	rows, err := s.r.QueryContext(ctx, `SELECT summary, started_at FROM runs
		WHERE source = ? AND kind = 'news' AND started_at >= ? AND summary IS NOT NULL ORDER BY started_at DESC`, source, micros(since))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var at int64
		if err := rows.Scan(&text, &at); err != nil {
			return nil, nil, err
		}
		summaries, started = append(summaries, []byte(text)), append(started, fromMicros(at))
	}
	return summaries, started, rows.Err()
}

// LastWhole is when the source's last run for news began that saw every list and
// ended well; zero when there was none.
func (s *Store) LastWhole(ctx context.Context, source string) (time.Time, error) {
	var at sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT max(started_at) FROM runs WHERE source = ? AND whole = 1`, source).Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return fromMicros(at.Int64), nil
}

// Count is how many records stand in the store.
func (s *Store) Count(ctx context.Context) (n int64, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT count(*) FROM revisions`).Scan(&n)
	return n, err
}

// Of gives the records a run has stored, in order of commit.
func (s *Store) Of(ctx context.Context, run string) ([]article.Record, error) {
	var list []article.Record
	for row, err := range records(ctx, s.r, `SELECT record FROM revisions WHERE json_extract(record, '$.run_id') = ? ORDER BY seq`, run) {
		if err != nil {
			return nil, err
		}
		var r article.Record
		if err := json.Unmarshal(row, &r); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// Sample gives the newest record of a language; nil when there is none.
func (s *Store) Sample(ctx context.Context, language string) ([]byte, error) {
	var record []byte
	err := s.r.QueryRowContext(ctx, `SELECT record FROM revisions WHERE json_extract(record, '$.language') = ? ORDER BY published_at DESC, article_id LIMIT 1`, language).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return record, err
}

// Reasons gives the last items of a source that ended with a reason, newest first.
func (s *Store) Reasons(ctx context.Context, source string, since time.Time, limit int) ([]Ended, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT url, outcome, reason FROM items
		WHERE source = ? AND closed_at >= ? AND reason IS NOT NULL AND outcome IN (?, ?, ?) ORDER BY id DESC LIMIT ?`,
		source, micros(since), article.Failed, article.Quarantined, article.Blocked, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ended []Ended
	for rows.Next() {
		var e Ended
		if err := rows.Scan(&e.URL, &e.Outcome, &e.Reason); err != nil {
			return nil, err
		}
		ended = append(ended, e)
	}
	return ended, rows.Err()
}

// Ended is an address and how it ended.
type Ended struct {
	URL     string
	Outcome article.Outcome
	Reason  string
}

// Gap is a stretch of time of which a run could not see what a source listed.
type Gap struct {
	Source   string
	From, To time.Time
}

// Gaps gives what the runs that ended within a window could not see, oldest first.
func (s *Store) Gaps(ctx context.Context, from, to time.Time) ([]Gap, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT source, json_extract(summary, '$.gap.from'), json_extract(summary, '$.gap.to') FROM runs
		WHERE ended_at >= ? AND ended_at < ? AND json_extract(summary, '$.gap') IS NOT NULL ORDER BY ended_at, source`, micros(from), micros(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var gaps []Gap
	for rows.Next() {
		g := Gap{}
		var from, to string
		if err := rows.Scan(&g.Source, &from, &to); err != nil {
			return nil, err
		}
		if g.From, err = time.Parse(time.RFC3339Nano, from); err != nil {
			return nil, err
		}
		if g.To, err = time.Parse(time.RFC3339Nano, to); err != nil {
			return nil, err
		}
		gaps = append(gaps, g)
	}
	return gaps, rows.Err()
}
