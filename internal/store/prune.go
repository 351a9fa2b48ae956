package store

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// Ages say how long what is over is kept.
type Ages struct {
	Items      time.Duration // work items that ended, and the text of the last revision of their articles
	Runs       time.Duration // runs that ended well
	FailedRuns time.Duration // runs that did not
}

// Pruned counts what Prune let go.
type Pruned struct {
	Items     int64 // work items
	Revisions int64 // that others have followed
	Texts     int64 // records of last revisions
	Runs      int64
	Lists     int64 // of archives that were read
	Pages     int64 // of the file, given back to the disk
}

// pruneRows is what one transaction of pruning lets go, at most: a run never waits long.
const pruneRows = 200

// landed is what a revision's text is no longer needed for: its drop is sealed and
// read back, its live part is in S3.
const landed = ` EXISTS (SELECT 1 FROM drops WHERE date = r.drop_date AND sealed_at IS NOT NULL) AND EXISTS (SELECT 1 FROM batches WHERE id = r.batch AND landed_at IS NOT NULL)`

// uncounted is since when the next first seal of a day counts. Further revisions say
// what the first did.
const uncounted = `coalesce((SELECT min(opened_at) FROM drops d WHERE NOT EXISTS (SELECT 1 FROM seals WHERE seals.date = d.date AND rev = 0 AND sealed_at IS NOT NULL)), 0)`

// Prune lets go of what nothing will ask for again, some rows at a time. What
// opening, keeping, landing and the ledger do is the same as without it:
//   - an item goes when the ledger of the day it ended in is closed, the drop of that
//     time is sealed, and no earlier item of its article is left; what stands in
//     quarantine stays. With its last item go an article's other addresses
//   - a revision goes when a later one is there and its own drop and batch are in S3
//   - the text of the last goes when in addition its article has neither item nor
//     watch; number and fingerprint stay, and so does a withdrawal
//   - what other versions of a story are found by goes after a month
//   - that an article is known, and since when, stays for ever
//   - a source's last run stays, its last whole one, and what the next seal will ask for
func (s *Store) Prune(ctx context.Context, ages Ages) (done Pruned, err error) {
	now := s.now()
	old := micros(now.Add(-ages.Items))
	ended, err := floor(ctx, s.r)
	if err != nil {
		return done, err
	}
	var unsealed int64 // since when the next seal counts
	if err := s.r.QueryRowContext(ctx, `SELECT `+uncounted).Scan(&unsealed); err != nil {
		return done, err
	}
	for _, step := range []struct {
		count *int64
		pick  string
		args  []any
		act   []string
	}{
		{
			&done.Items, sources + `SELECT i.id FROM sources CROSS JOIN items i ON i.source = sources.source WHERE i.closed_at < ?
			AND NOT EXISTS (SELECT 1 FROM items e WHERE e.article_id = i.article_id AND e.id < i.id)
			AND (i.outcome <> 'quarantined' OR EXISTS (SELECT 1 FROM items l WHERE l.article_id = i.article_id AND l.id > i.id))`,
			[]any{min(old, ended, unsealed)},
			[]string{`DELETE FROM items WHERE id = ?`},
		},
		{
			&done.Revisions, `SELECT r.seq FROM revisions r WHERE r.record <> x'' AND EXISTS (SELECT 1 FROM revisions l WHERE l.article_id = r.article_id AND l.revision > r.revision)
			AND NOT EXISTS (SELECT 1 FROM revisions e WHERE e.article_id = r.article_id AND e.revision < r.revision) AND` + landed,
			nil,
			[]string{`DELETE FROM revisions WHERE seq = ?`},
		},
		{
			&done.Texts, `SELECT r.seq FROM revisions r WHERE r.record <> x'' AND r.drop_date < ? AND r.fingerprint <> '` + withdrawn + `'
			AND NOT EXISTS (SELECT 1 FROM items WHERE article_id = r.article_id) AND NOT EXISTS (SELECT 1 FROM watches WHERE article_id = r.article_id) AND` + landed,
			[]any{fromMicros(old).Format(time.DateOnly)},
			[]string{`UPDATE revisions SET record = x'' WHERE seq = ?`},
		},
		{&done.Runs, endedRuns, []any{micros(now.Add(-ages.Runs)), micros(now.Add(-ages.FailedRuns))}, []string{`DELETE FROM run_logs WHERE run = (SELECT id FROM runs WHERE rowid = ?)`, `DELETE FROM runs WHERE rowid = ?`}},
	} {
		if *step.count, err = s.sweep(ctx, step.pick, step.args, step.act); err != nil {
			return done, err
		}
	}
	if _, err = s.sweep(ctx, `SELECT address FROM aliases WHERE NOT EXISTS (SELECT 1 FROM items WHERE items.article_id = aliases.article_id)`, nil, []string{`DELETE FROM aliases WHERE address = ?`}); err != nil {
		return done, err
	}
	if done.Lists, err = s.sweepLists(ctx, micros(now.Add(-ages.Runs))); err != nil {
		return done, err
	}
	if err := s.forgetStories(ctx); err != nil {
		return done, err
	}
	done.Pages, err = s.shrink(ctx)
	return done, err
}

// endedRuns picks runs by their age; ?1 is for those that ended well.
const endedRuns = `WITH RECURSIVE of(source) AS (
	SELECT min(source) FROM runs UNION ALL SELECT (SELECT min(source) FROM runs WHERE runs.source > of.source) FROM of WHERE source IS NOT NULL),
bound(source, before) AS (SELECT source, min(
	` + uncounted + `,
	(SELECT max(started_at) FROM runs l WHERE l.source = of.source),
	coalesce((SELECT started_at FROM runs l WHERE l.source = of.source AND l.whole = 1 ORDER BY started_at DESC LIMIT 1), ?1)) FROM of WHERE source IS NOT NULL)
SELECT r.rowid FROM bound CROSS JOIN runs r ON r.source = bound.source
WHERE r.started_at < bound.before AND r.started_at < max(?1, ?2) AND r.started_at < CASE WHEN r.ended_at IS NOT NULL AND json_extract(r.summary, '$.error') IS NULL THEN ?1 ELSE ?2 END`

// sweep acts on each row that pick gives, until it gives none. What pick may give
// once it must go on giving until it is acted on: it looks from the readers' side,
// so that writers wait for the acts only. Those are given the row's key.
func (s *Store) sweep(ctx context.Context, pick string, args []any, acts []string) (n int64, err error) {
	for {
		keys, err := column(ctx, s.r, pick+` LIMIT 5000`, args...)
		if err != nil || len(keys) == 0 {
			return n, err
		}
		before := n
		for some := range slices.Chunk(keys, pruneRows) {
			err := s.write(ctx, func(tx *sql.Tx) error {
				for _, key := range some {
					gone, err := each(ctx, tx, key, acts)
					if err != nil {
						return err
					}
					n += gone
				}
				return nil
			})
			if err != nil {
				return n, err
			}
		}
		if n == before {
			return n, nil
		}
	}
}

// each acts on one row, and says how many rows the last act changed.
func each(ctx context.Context, tx *sql.Tx, key string, acts []string) (n int64, err error) {
	for _, act := range acts {
		done, err := tx.ExecContext(ctx, act, key)
		if err != nil {
			return 0, err
		}
		if n, err = done.RowsAffected(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// sweepLists forgets which lists were read by backfills that ended.
func (s *Store) sweepLists(ctx context.Context, before int64) (n int64, err error) {
	for {
		done, err := s.w.ExecContext(ctx, `DELETE FROM backfill_lists WHERE (backfill, address) IN (
			SELECT l.backfill, l.address FROM backfills b CROSS JOIN backfill_lists l ON l.backfill = b.id WHERE b.ended_at < ? LIMIT ?)`, before, pruneRows)
		if err != nil {
			return n, err
		}
		some, err := done.RowsAffected()
		if n += some; err != nil || some == 0 {
			return n, err
		}
	}
}

// shrink gives free pages back to the disk; a tenth stays for what comes.
func (s *Store) shrink(ctx context.Context) (freed int64, err error) {
	for last := int64(-1); ; {
		var free, all int64
		if err := s.w.QueryRowContext(ctx, `SELECT freelist_count, page_count FROM pragma_freelist_count, pragma_page_count`).Scan(&free, &all); err != nil {
			return freed, err
		}
		if last >= 0 {
			freed += last - free
		}
		if free <= all/10 || free == last { // the same: a file that does not know how
			return freed, nil
		}
		last = free
		if _, err := s.w.ExecContext(ctx, `PRAGMA incremental_vacuum(500)`); err != nil { // 2 MB
			return freed, err
		}
	}
}
