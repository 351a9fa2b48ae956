package quality

import (
	"strings"
)

// headline is the day in one sentence.
func headline(r *Report) string {
	if !r.Running && r.Totals.Rows == 0 {
		return "Nothing was collected: attache did not run on this day."
	}
	parts := []string{what(r)}
	say := func(kind, one, many string) {
		var n int64
		for _, f := range r.Findings {
			if f.Kind == kind {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, plural(n, one, many))
		}
	}
	if !r.Running {
		parts = append(parts, "attache did not run on this day")
	}
	if r.Totals.Gaps > 0 {
		parts = append(parts, plural(int64(r.Totals.Gaps), "gap", "gaps"))
	}
	if r.Totals.NotHad > 0 {
		parts = append(parts, plural(r.Totals.NotHad, "address", "addresses")+" not had")
	}
	say(ledgerOff, "ledger does not add up", "ledgers do not add up")
	say(rowsOff, "source has other rows than its ledger", "sources have other rows than their ledgers")
	say(silent, "source is silent that usually is not", "sources are silent that usually are not")
	say(low, "source has less than usual", "sources have less than usual")
	say(high, "source has more than usual", "sources have more than usual")
	switch r.Status {
	case TooEarly:
		parts = append(parts, "too early to say what is usual")
	case AsUsual:
		usual := "all as usual"
		if r.Totals.NotHad > 0 {
			usual = "else as usual"
		}
		parts = append(parts, usual)
	}
	return strings.Join(parts, "; ") + "."
}

// what came.
func what(r *Report) string {
	t := r.Totals
	if t.Rows == 0 {
		return "No articles from " + plural(int64(t.Watched), "source", "sources") + " watched"
	}
	var kinds []string
	add := func(n int64, one, many string) {
		if n > 0 {
			kinds = append(kinds, plural(n, one, many))
		}
	}
	add(t.Added, "new article", "new articles")
	add(t.Changed, "changed", "changed")
	add(t.Withdrawn, "withdrawn", "withdrawn")
	add(t.Rows-t.Added-t.Changed-t.Withdrawn, "other row", "other rows")
	from := plural(int64(t.Sources), "source", "sources")
	if t.Watched > t.Sources {
		from = number(int64(t.Sources)) + " of " + plural(int64(t.Watched), "source", "sources")
	}
	return strings.Join(kinds, ", ") + " from " + from
}
