package store

import (
	"context"
	"time"
)

// Vitals are the store's numbers that tell how attache is. Times are zero when there
// is nothing of the kind.
type Vitals struct {
	OutboxRows   int64     // revisions that are in no live part that has landed
	OutboxSince  time.Time // when the oldest live part that has not was frozen
	Takedowns    int       // that are not done
	TakedownFrom time.Time // when the oldest of them was asked for
	Sealed       time.Time // when the newest first manifest of a day was put
	Begun        time.Time // when the first drop was opened
	Opened       time.Time // when the drop that is open was
}

// Vitals costs the same however much the store holds: what it counts is only what waits.
func (s *Store) Vitals(ctx context.Context) (v Vitals, err error) {
	var outbox, takedown, sealed, begun, opened int64
	err = s.r.QueryRowContext(ctx, `SELECT
		(SELECT coalesce(sum(rows), 0) FROM batches WHERE landed_at IS NULL) + (SELECT count(*) FROM revisions WHERE batch IS NULL),
		(SELECT coalesce(min(frozen_at), 0) FROM batches WHERE landed_at IS NULL),
		(SELECT count(*) FROM takedowns WHERE erased_at IS NULL OR wiped_at IS NULL OR blanked_at IS NULL),
		(SELECT coalesce(min(asked_at), 0) FROM takedowns WHERE erased_at IS NULL OR wiped_at IS NULL OR blanked_at IS NULL),
		(SELECT coalesce(max(sealed_at), 0) FROM seals WHERE rev = 0),
		(SELECT coalesce(min(opened_at), 0) FROM drops),
		(SELECT coalesce(max(opened_at), 0) FROM drops WHERE closed_at IS NULL)`).
		Scan(&v.OutboxRows, &outbox, &v.Takedowns, &takedown, &sealed, &begun, &opened)
	for _, at := range []struct {
		micros int64
		to     *time.Time
	}{{outbox, &v.OutboxSince}, {takedown, &v.TakedownFrom}, {sealed, &v.Sealed}, {begun, &v.Begun}, {opened, &v.Opened}} {
		if at.micros != 0 {
			*at.to = fromMicros(at.micros)
		}
	}
	return v, err
}

// Quarantine counts the pages that stand in quarantine, by source.
func (s *Store) Quarantine(ctx context.Context) (map[string]int, error) {
	return tally[string](ctx, s.r, `SELECT q.source, count(*)`+inQuarantine+` GROUP BY q.source`, "")
}

// Resting is a host and how it is left in peace.
type Resting struct {
	Host string
	Backoff
}

// Resting gives the hosts whose back-off ended after since, or lasts; at most so many,
// those that end last first.
func (s *Store) Resting(ctx context.Context, since time.Time, most int) ([]Resting, error) {
	rows, err := s.r.QueryContext(ctx, `SELECT host, until, step, reason FROM hosts WHERE until > ? ORDER BY until DESC, host LIMIT ?`, micros(since), most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Resting
	for rows.Next() {
		var h Resting
		var until int64
		if err := rows.Scan(&h.Host, &until, &h.Step, &h.Reason); err != nil {
			return nil, err
		}
		h.Until = fromMicros(until)
		list = append(list, h)
	}
	return list, rows.Err()
}
