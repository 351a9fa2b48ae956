package quality

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/article"
)

// Status is whether the day can be trusted, in a word. The vocabulary is closed.
type Status string

// The states of a day.
const (
	Incomplete Status = "incomplete"  // a stretch of time is known to be missing, or the books do not add up
	LookCloser Status = "look_closer" // neither, but something is not as usual
	TooEarly   Status = "too_early"   // too little history to say what is usual
	AsUsual    Status = "as_usual"    // single addresses may have given no record: see Totals.NotHad
)

// Finding is one thing a reader of the drop should know.
type Finding struct {
	Kind   string `json:"kind"`   // one of those below
	Source string `json:"source"` // id; empty: the whole drop
	Text   string `json:"text"`   // a sentence that leaves the source's name out
}

// The kinds of finding, in the order reports print them.
const (
	stopped     = "stopped"     // attache did not run
	gap         = "gap"         // a stretch of time is missing
	ledgerOff   = "ledger"      // a ledger does not add up
	rowsOff     = "rows"        // a ledger has more or fewer rows than the drop
	silent      = "silent"      // see [Silent]
	low         = "low"         // see [Low]
	high        = "high"        // see [High]
	undated     = "undated"     // more than one text in ten, and not only one, has no published_at
	fallback    = "fallback"    // the fallback reader found more than one text in five
	late        = "late"        // half of the new articles were seen a day or more after they were published
	unlisted    = "unlisted"    // rows of a source that is not watched
	notHad      = "not_had"     // addresses that gave no record
	quarantined = "quarantined" // pages of those that were read
)

// fewTexts is how many texts say too little about their source.
const fewTexts = 5

// checks look at one source each; an empty sentence finds nothing.
var checks = []struct {
	kind string
	say  func(p *Publisher) string
}{
	{ledgerOff, func(p *Publisher) string {
		if p.Balanced == nil || *p.Balanced {
			return ""
		}
		return "The ledger does not add up: work was lost or counted twice. Count again with: attache ledger"
	}},
	{rowsOff, func(p *Publisher) string {
		if p.Agrees == nil || *p.Agrees {
			return ""
		}
		return fmt.Sprintf("The ledger kept %s, the drop has %s.", plural(kept(p.Ledger), "row", "rows"), number(p.Rows-p.LeftTopic))
	}},
	{silent, func(p *Publisher) string {
		if p.Baseline.Verdict != Silent {
			return ""
		}
		return fmt.Sprintf("No rows, where about %s would be usual. %s", decimal(*p.Baseline.Expected), worked(p.Ledger))
	}},
	{low, func(p *Publisher) string {
		if p.Baseline.Verdict != Low {
			return ""
		}
		return fmt.Sprintf("Only %s, where about %s would be usual. %s", plural(p.Rows, "row", "rows"), decimal(*p.Baseline.Expected), worked(p.Ledger))
	}},
	{high, func(p *Publisher) string {
		if p.Baseline.Verdict != High {
			return ""
		}
		return fmt.Sprintf("%s, where about %s would be usual.", plural(p.Rows, "row", "rows"), decimal(*p.Baseline.Expected))
	}},
	{undated, func(p *Publisher) string {
		n := p.Texts - p.Coverage["published_at"]
		if p.Texts < fewTexts || n < 2 || n*10 <= p.Texts {
			return ""
		}
		return fmt.Sprintf("%s of %s have no time of publication.", number(n), plural(p.Texts, "text", "texts"))
	}},
	{fallback, func(p *Publisher) string {
		if p.Texts < fewTexts || p.Fallback*5 <= p.Texts {
			return ""
		}
		return fmt.Sprintf("Its rules missed the text of %s pages of %s, and the fallback reader found it: the layout may have changed.",
			number(p.Fallback), number(p.Texts))
	}},
	{late, func(p *Publisher) string {
		s := p.Lateness.Seconds
		if s == nil || s.Count < fewTexts || s.Median < 24*60*60 {
			return ""
		}
		return fmt.Sprintf("Half of its new articles were first seen %s or more after they were published.", span(s.Median))
	}},
	{unlisted, func(p *Publisher) string {
		if p.Watched {
			return ""
		}
		return plural(p.Rows, "row", "rows") + ", though it is not among the sources watched."
	}},
}

// findings says in plain words what a reader should know.
func findings(r *Report) []Finding {
	found := []Finding{}
	if !r.Running {
		found = append(found, Finding{stopped, "", "attache did not run on this day: that nothing is here does not mean that nothing happened."})
	}
	found = append(found, missing(r.Gaps)...)
	for _, c := range checks {
		for i := range r.Sources {
			if text := c.say(&r.Sources[i]); text != "" {
				found = append(found, Finding{c.kind, r.Sources[i].ID, text})
			}
		}
	}
	if n := r.Totals.NotHad; n > 0 {
		found = append(found, Finding{notHad, "", plural(n, "address", "addresses") + " gave no record: " + ends(total(r.Sources), lost) + "."})
	}
	if n := r.Rejects.Count; n > 0 {
		found = append(found, Finding{quarantined, "", plural(n, "page was", "pages were") + " read but not fit to be a record."})
	}
	return found
}

// missing has one finding for all stretches that a source misses for one reason: a day
// of many must not hide what else there is.
func missing(gaps []Gap) (found []Finding) {
	for i, g := range gaps {
		alike := func(other Gap) bool { return other.Source == g.Source && other.Note == g.Note }
		if slices.IndexFunc(gaps, alike) < i {
			continue // told with the first
		}
		var n, seconds int64
		for _, other := range gaps {
			if alike(other) {
				n, seconds = n+1, seconds+int64(other.To.Sub(other.From)/time.Second)
			}
		}
		text := span(seconds) + " missing"
		if n > 1 {
			text += ", in " + plural(n, "stretch", "stretches")
		}
		found = append(found, Finding{gap, g.Source, text + ": " + cmp.Or(g.Note, "the reason is not known.")})
	}
	return found
}

func status(r *Report) Status {
	has := func(kinds ...string) bool {
		return slices.ContainsFunc(r.Findings, func(f Finding) bool { return slices.Contains(kinds, f.Kind) })
	}
	switch {
	case has(stopped, gap, ledgerOff, rowsOff):
		return Incomplete
	case has(silent, low, high, undated, fallback, late):
		return LookCloser
	case !slices.ContainsFunc(r.Sources, func(p Publisher) bool { return p.Baseline.Verdict == Usual }):
		return TooEarly
	}
	return AsUsual
}

// kept is how many rows the ledger made.
func kept(l *article.Ledger) int64 {
	return int64(l.Closed[article.Stored] + l.Closed[article.Revised] + l.Closed[article.Withdrawn])
}

// worked says what was done for a source that has little to show.
func worked(l *article.Ledger) string {
	if l == nil {
		return "Nothing was listed."
	}
	if how := ends(l, article.Outcomes); how != "" {
		return "What was listed: " + how + "."
	}
	return "Nothing that was listed was finished."
}

// lost are the outcomes of addresses that gave no record, though they might have.
var lost = []article.Outcome{article.Failed, article.Blocked, article.Quarantined}

// ends says how many addresses ended in each of the outcomes; nothing when none did.
func ends(l *article.Ledger, outcomes []article.Outcome) string {
	var list []string
	for _, o := range outcomes {
		if n := l.Closed[o]; n > 0 {
			list = append(list, number(int64(n))+" "+words(string(o)))
		}
	}
	return strings.Join(list, ", ")
}

func (p *Publisher) label() string { return cmp.Or(p.Name, p.ID, "a source without a name") }
