package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Drop is a day that takes, or took, revisions.
type Drop struct {
	Date     string
	Opened   time.Time
	Closed   time.Time // zero while it is open
	Running  bool      // some run for news started while it was open
	Rev      int       // the newest revision there is, or is to be
	Reason   string    // of a further revision
	Manifest []byte    // of that revision, as it will be put; nil before it is fixed, and when it is sealed
	Path     string    // spool folder of its files; "" when there is none
	Sealed   time.Time // when it was; zero until then
}

// maxAhead bounds how many days one Advance may pass over: a clock that is years
// ahead would close them all, for good.
const maxAhead = 400

// Advance makes date the day that takes new revisions, closing the one before
// and, for days on which nothing ran, opening and closing them. It never goes
// back, whatever the clock does: an earlier date changes nothing. The first call
// opens the first drop.
func (s *Store) Advance(ctx context.Context, date string) error {
	target, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		now, err := s.stamp(ctx, tx)
		if err != nil {
			return err
		}
		var open string
		var opened int64
		err = tx.QueryRowContext(ctx, `SELECT date, opened_at FROM drops WHERE closed_at IS NULL`).Scan(&open, &opened)
		if errors.Is(err, sql.ErrNoRows) {
			_, err := tx.ExecContext(ctx, `INSERT INTO drops (date, opened_at) VALUES (?, ?)`, date, now)
			return err
		}
		if err != nil {
			return err
		}
		day, err := time.Parse(time.DateOnly, open)
		if err != nil {
			return err
		}
		if day.Before(target) { // what was opened or closed before belongs to this window
			if now, err = after(ctx, tx, max(now, opened)); err != nil {
				return err
			}
		}
		if days := target.Sub(day).Hours() / 24; days > maxAhead {
			return fmt.Errorf("the clock says %s, %.0f days after the open drop of %s: set the clock, or work in a new data folder", date, days, open)
		}
		for day.Before(target) {
			if _, err := tx.ExecContext(ctx, `UPDATE drops SET closed_at = ? WHERE closed_at IS NULL`, now); err != nil {
				return err
			}
			day = day.AddDate(0, 0, 1)
			if _, err := tx.ExecContext(ctx, `INSERT INTO drops (date, opened_at) VALUES (?, ?)`, day.Format(time.DateOnly), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// OpenDate is the day that takes new revisions; "" before the first Advance.
func (s *Store) OpenDate(ctx context.Context) (string, error) {
	var date string
	err := s.r.QueryRowContext(ctx, `SELECT date FROM drops WHERE closed_at IS NULL`).Scan(&date)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return date, err
}

// Drops gives all days the store knows, oldest first.
func (s *Store) Drops(ctx context.Context) ([]Drop, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT d.date, opened_at, coalesce(closed_at, 0), coalesce(d.sealed_at, 0), coalesce(rev, 0), coalesce(reason, ''), CASE WHEN d.sealed_at IS NULL THEN manifest END, coalesce(path, ''),
			EXISTS (SELECT 1 FROM runs WHERE kind = 'news' AND started_at >= opened_at AND (closed_at IS NULL OR started_at < closed_at))
		FROM drops d LEFT JOIN seals s ON s.date = d.date AND rev = (SELECT max(rev) FROM seals WHERE seals.date = d.date) ORDER BY d.date`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var drops []Drop
	for rows.Next() {
		var d Drop
		var opened, closed, sealed int64
		if err := rows.Scan(&d.Date, &opened, &closed, &sealed, &d.Rev, &d.Reason, &d.Manifest, &d.Path, &d.Running); err != nil {
			return nil, err
		}
		d.Opened = fromMicros(opened)
		if closed != 0 {
			d.Closed = fromMicros(closed)
		}
		if sealed != 0 {
			d.Sealed = fromMicros(sealed)
		}
		drops = append(drops, d)
	}
	return drops, rows.Err()
}

// Rows streams the JSON of a day's revisions in the order of the sealed drop:
// by source, published time, article and revision.
func (s *Store) Rows(ctx context.Context, date string) iter.Seq2[[]byte, error] {
	return records(ctx, s.r, `SELECT record FROM revisions WHERE drop_date = ? ORDER BY source, published_at, article_id, revision`, date)
}

// RowsBySource counts a day's revisions.
func (s *Store) RowsBySource(ctx context.Context, date string) (map[string]int64, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT source, count(*) FROM revisions WHERE drop_date = ? GROUP BY source`, date)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var source string
		var n int64
		if err := rows.Scan(&source, &n); err != nil {
			return nil, err
		}
		counts[source] = n
	}
	return counts, rows.Err()
}

// after is an instant after all at which an item was opened or closed.
func after(ctx context.Context, tx *sql.Tx, now int64) (at int64, err error) {
	err = tx.QueryRowContext(ctx, sources+`SELECT max(?, coalesce(max((SELECT max(opened_at) FROM items WHERE items.source = sources.source)), 0) + 1,
		coalesce(max((SELECT max(closed_at) FROM items WHERE items.source = sources.source)), 0) + 1) FROM sources`, now).Scan(&at)
	return at, err
}
