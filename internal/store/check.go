package store

import (
	"context"
	"encoding/json"
	"fmt"

	"attache/internal/article"
)

// Check reads the whole file, and holds it to what attache promises itself. It
// gives every breach in words; none for a sound store.
func (s *Store) Check(ctx context.Context) (problems []string, err error) {
	tx, err := s.r.BeginTx(ctx, nil) // one look: a run may go on beside
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // nothing was written
	found, err := column(ctx, tx, `PRAGMA integrity_check`)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 || found[0] != "ok" {
		problems = append(problems, found...)
	}
	for _, p := range promises {
		found, err := column(ctx, tx, p.broken+` LIMIT 20`, p.args...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.says, err)
		}
		for _, what := range found {
			problems = append(problems, what+": "+p.says)
		}
	}
	unbalanced, err := closedLedgers(ctx, tx)
	return append(problems, unbalanced...), err
}

// promises are what must hold whatever happened, and the rows that break it.
var promises = []struct {
	says, broken string
	args         []any
}{
	{"a row points at one that is not there", `SELECT "table" || ' ' || coalesce(rowid, '') || ' to ' || parent FROM pragma_foreign_key_check`, nil},
	{"more than one day takes revisions, or none does", `SELECT count(*) || ' open drops' FROM drops HAVING count(*) > 0 AND count(*) FILTER (WHERE closed_at IS NULL) <> 1`, nil},
	{"a day is closed before the one ahead of it", `SELECT date FROM drops WHERE closed_at IS NULL AND date <> (SELECT max(date) FROM drops)`, nil},
	{"no day follows on the one before", `SELECT date FROM (SELECT date, lag(date) OVER (ORDER BY date) AS before FROM drops) WHERE date <> date(before, '+1 day')`, nil},
	{"the drop is sealed and was never closed, or has no manifest", `SELECT 'drop ' || date FROM drops d WHERE sealed_at IS NOT NULL AND (closed_at IS NULL OR NOT EXISTS (SELECT 1 FROM seals WHERE seals.date = d.date AND manifest IS NOT NULL))`, nil},
	{"it ended before it was opened", `SELECT 'item ' || id FROM items WHERE closed_at < opened_at`, nil},
	{"it ended in a way attache does not know", `SELECT 'item ' || id FROM items WHERE outcome NOT IN (SELECT value FROM json_each(?))`, []any{outcomes()}},
	{"its article is not known", `SELECT 'item ' || id FROM items WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.article_id = items.article_id)`, nil},
	{"a revision between two others is lost", `SELECT article_id FROM revisions GROUP BY article_id HAVING max(revision) - min(revision) + 1 <> count(*)`, nil},
	{"its text is lost, and is still to be landed or sealed", `SELECT 'revision ' || seq FROM revisions r WHERE record = x'' AND NOT (` + landed + `)`, nil},
	{"it waits to land and its rows are not those it was frozen with", `SELECT 'batch ' || id FROM batches b WHERE landed_at IS NULL AND rows <> (SELECT count(*) FROM revisions WHERE batch = b.id)`, nil},
	{"its rows are of more than one day or source", `SELECT 'batch ' || batch FROM revisions WHERE batch > 0 GROUP BY batch HAVING count(DISTINCT drop_date) > 1 OR count(DISTINCT source) > 1`, nil},
	{"no ledger follows on the one before", `SELECT day FROM (SELECT day, since, lag(until) OVER (ORDER BY until) AS before FROM ledger_days) WHERE since <> before`, nil},
}

func outcomes() string {
	b, err := json.Marshal(article.Outcomes)
	if err != nil {
		return "[]" // strings only: cannot fail
	}
	return string(b)
}

// closedLedgers reads the ledgers that are closed: each must add up, and be carried
// in as the one before was carried out.
func closedLedgers(ctx context.Context, q querier) (problems []string, err error) {
	texts, err := column(ctx, q, `SELECT entry FROM ledger ORDER BY source, day`)
	if err != nil {
		return nil, err
	}
	var last article.Ledger
	for _, text := range texts {
		var e article.Ledger
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			problems = append(problems, fmt.Sprintf("a ledger cannot be read: %v", err))
			continue
		}
		if !e.Balance() {
			problems = append(problems, fmt.Sprintf("%s of %s: the ledger does not add up", e.Day, e.Source))
		}
		if last.Source == e.Source && last.CarriedOut != e.CarriedIn {
			problems = append(problems, fmt.Sprintf("%s of %s: %d carried in, but %d were carried out of %s", e.Day, e.Source, e.CarriedIn, last.CarriedOut, last.Day))
		}
		last = e
	}
	return problems, nil
}
