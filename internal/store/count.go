package store

import (
	"context"

	"attache/internal/article"
)

// sources are the sources that have items, found by one step in the index each.
const sources = `WITH RECURSIVE sources(source) AS (
	SELECT min(source) FROM items UNION ALL
	SELECT (SELECT min(source) FROM items WHERE items.source > sources.source) FROM sources WHERE source IS NOT NULL) `

// count makes the entries of a stretch of time from the items alone. It adds up
// because an item is closed once and not before it was opened.
func count(ctx context.Context, q querier, day string, from, to int64) ([]article.Ledger, error) {
	ids, err := column(ctx, q, sources+`SELECT source FROM sources WHERE source IS NOT NULL ORDER BY source`)
	if err != nil {
		return nil, err
	}
	entries := []article.Ledger{}
	for _, source := range ids {
		e := article.Ledger{Day: day, Source: source}
		if e.Opened, err = tally[string](ctx, q, `SELECT kind, count(*) FROM items WHERE source = ? AND opened_at >= ? AND opened_at < ? GROUP BY kind`, source, from, to); err != nil {
			return nil, err
		}
		if e.Closed, err = tally[article.Outcome](ctx, q, `SELECT outcome, count(*) FROM items WHERE source = ? AND closed_at >= ? AND closed_at < ? GROUP BY outcome`, source, from, to); err != nil {
			return nil, err
		}
		if e.CarriedIn, err = openAt(ctx, q, source, from); err != nil {
			return nil, err
		}
		if e.CarriedOut, err = openAt(ctx, q, source, to); err != nil {
			return nil, err
		}
		if len(e.Opened)+len(e.Closed)+e.CarriedIn+e.CarriedOut == 0 {
			continue
		}
		if e.Missing, err = missing(ctx, q, source, from, to); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// openAt counts the source's items that were opened before an instant and not yet
// closed then.
func openAt(ctx context.Context, q querier, source string, at int64) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM items WHERE source = ?1 AND outcome IS NULL AND opened_at < ?2)
		+ (SELECT count(*) FROM items WHERE source = ?1 AND closed_at >= ?2 AND opened_at < ?2)`, source, at).Scan(&n)
	return n, err
}

func tally[K ~string](ctx context.Context, q querier, query string, args ...any) (map[K]int, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[K]int{}
	for rows.Next() {
		var key K
		var n int
		if err := rows.Scan(&key, &n); err != nil {
			return nil, err
		}
		counts[key] = n
	}
	return counts, rows.Err()
}

// mostMissing is how many reasons an entry keeps.
const mostMissing = 10

// missing gives the most frequent reasons. A reason that names its own address
// counts as the same as that of another.
func missing(ctx context.Context, q querier, source string, from, to int64) ([]article.Missing, error) {
	rows, err := q.QueryContext(ctx, `SELECT outcome, replace(coalesce(reason, ''), url, '…') AS why, count(*) AS n, min(url) FROM items
		WHERE source = ? AND closed_at >= ? AND closed_at < ? AND outcome IN (?, ?, ?) GROUP BY outcome, why ORDER BY n DESC, outcome, why LIMIT ?`,
		source, from, to, article.Failed, article.Blocked, article.Quarantined, mostMissing)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []article.Missing{}
	for rows.Next() {
		var m article.Missing
		if err := rows.Scan(&m.Outcome, &m.Reason, &m.Count, &m.Example); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}
