package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"attache/internal/article"
)

// Day is the stretch of time a ledger counts: From is in it, To is not.
type Day struct {
	Date     string // '2006-01-02' in the drop's zone
	From, To time.Time
}

// DayOf is the day that t belongs to in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, zone)
	return Day{from.Format(time.DateOnly), from, time.Date(y, m, d+1, 0, 0, 0, 0, zone)}
}

// Kinds are the kinds of work items, in the order reports print them.
var Kinds = []string{"new", "revisit", "backfill"}

// floor is the end of the last day whose ledger is closed; 0 when none is.
func floor(ctx context.Context, q querier) (until int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce(max(until), 0) FROM ledger_days`).Scan(&until)
	return until, err
}

// Ledger gives a day's entry of every source that had an item in it, by source: as
// it was when the day was closed, or as it stands now.
func (s *Store) Ledger(ctx context.Context, day Day) (entries []article.Ledger, err error) {
	tx, err := s.r.BeginTx(ctx, nil) // one look: a run may go on beside
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // nothing was written
	var closed bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM ledger_days WHERE day = ?)`, day.Date).Scan(&closed); err != nil {
		return nil, err
	}
	if !closed {
		since, err := floor(ctx, tx)
		if err != nil {
			return nil, err
		}
		return count(ctx, tx, day.Date, max(since, micros(day.From)), micros(day.To))
	}
	texts, err := column(ctx, tx, `SELECT entry FROM ledger WHERE day = ? ORDER BY source`, day.Date)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		var e article.Ledger
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return nil, fmt.Errorf("the ledger of %s: %w", day.Date, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// CloseLedgers fixes the ledger of every day that is over and whose drop is closed.
// Nothing that happens later, and no pruning, changes it.
func (s *Store) CloseLedgers(ctx context.Context, zone *time.Location) error {
	for done := false; !done; {
		err := s.write(ctx, func(tx *sql.Tx) error {
			day, err := s.nextDay(ctx, tx, zone)
			if err != nil || day.Date == "" {
				done = true
				return err
			}
			return closeLedger(ctx, tx, day)
		})
		if err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	return nil
}

// nextDay is the first day that may be closed; without a date when there is none.
func (s *Store) nextDay(ctx context.Context, tx *sql.Tx, zone *time.Location) (Day, error) {
	since, err := floor(ctx, tx)
	if err != nil {
		return Day{}, err
	}
	begun := fromMicros(since)
	if since == 0 {
		var first sql.NullInt64
		if err := tx.QueryRowContext(ctx, sources+`SELECT min((SELECT min(opened_at) FROM items WHERE items.source = sources.source)) FROM sources`).Scan(&first); err != nil || !first.Valid {
			return Day{}, err
		}
		begun = fromMicros(first.Int64)
	}
	day := DayOf(begun, zone)
	var closed bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM ledger_days WHERE day = ?)`, day.Date).Scan(&closed); err != nil {
		return Day{}, err
	}
	if closed { // in another zone, which was further east: what is left of it counts as the next
		day = DayOf(day.To, zone)
	}
	if since != 0 {
		day.From = begun // whatever the zones: no gap
	}
	var open string
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(date), '') FROM drops`).Scan(&open)
	if err != nil || day.Date >= open || day.To.After(s.now()) {
		return Day{}, err
	}
	return day, nil
}

func closeLedger(ctx context.Context, tx *sql.Tx, day Day) error {
	entries, err := count(ctx, tx, day.Date, micros(day.From), micros(day.To))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO ledger_days (day, since, until) VALUES (?, ?, ?)`, day.Date, micros(day.From), micros(day.To)); err != nil {
		return err
	}
	for _, e := range entries {
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO ledger (day, source, entry) VALUES (?, ?, ?)`, e.Day, e.Source, string(text)); err != nil {
			return err
		}
	}
	return nil
}
