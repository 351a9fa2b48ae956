package quality

import (
	"fmt"

	"attache/internal/article"
)

// cell is what a table says of a source in one column.
type cell struct {
	Label string // of the column
	Text  string
	Class string // of the page's style
}

// tally is the cell of a count; one of nothing is not in a reader's way.
func tally[N int | int64](label string, n N) cell {
	c := cell{Label: label, Text: number(int64(n))}
	if n == 0 {
		c.Class = "zero"
	}
	return c
}

// changes are the kinds of a source's rows.
func changes(p Publisher) []cell {
	return []cell{
		tally("New", p.Added), tally("Changed", p.Changed), tally("Withdrawn", p.Withdrawn),
		tally("From archive", p.Backfilled), tally("Quarantined", p.Rejects),
	}
}

// covered are the columns of the table of fields.
var covered = []struct {
	label  string
	fields []string
}{
	{"Lede", []string{"lede"}},
	{"Authors", []string{"authors"}},
	{"Section", []string{"section"}},
	{"Tags", []string{"tags"}},
	{"Images", []string{"images"}},
	{"Captions", []string{"captions"}},
	{"Published", []string{"published_at"}},
	{"To the minute", []string{"published_minute", "published_second"}},
	{"Modified", []string{"modified_at"}},
	{"Attribution", []string{"attribution"}},
	{"Raw copy", []string{"raw_ref"}},
}

// cover gives the shares of texts that have each field.
func cover(coverage map[string]int64, texts int64) []cell {
	cells := []cell{tally("Texts", texts)}
	for _, c := range covered {
		var n int64
		for _, f := range c.fields {
			n += coverage[f]
		}
		shade := fmt.Sprintf("shade%d", 4*n/max(texts, 1))
		cells = append(cells, cell{c.label, percent(n, texts), shade})
	}
	return cells
}

// lengths say how long texts are, and who found them.
func lengths(s *Spread, texts, fallback int64) []cell {
	return append([]cell{tally("Texts", texts), {Label: "Fallback", Text: percent(fallback, texts)}}, spread(s, number,
		"Shortest", "One in ten below", "Median", "One in ten above", "Longest")...)
}

// lateness says how late texts were seen.
func lateness(l Lateness) []cell {
	return append(spread(l.Seconds, span, "Soonest", "One in ten within", "Median", "Nine in ten within", "Latest"),
		tally("Day only", l.DayOnly), tally("No date", l.Undated), tally("Dated ahead", l.Ahead), tally("Before this day", l.BeforeDay))
}

// spread has a label for each of its numbers.
func spread(s *Spread, say func(int64) string, labels ...string) (cells []cell) {
	for i, label := range labels {
		c := cell{Label: label, Text: "–", Class: "zero"}
		if s != nil {
			c = cell{Label: label, Text: say([]int64{s.Min, s.P10, s.Median, s.P90, s.Max}[i])}
		}
		cells = append(cells, c)
	}
	return cells
}

// entries are a ledger's numbers: what came in, what became of it, what is left.
func entries(l *article.Ledger) []cell {
	cells := []cell{tally("Carried in", l.CarriedIn)}
	for _, kind := range []string{"new", "revisit", "backfill"} {
		cells = append(cells, tally("+ "+kind, l.Opened[kind]))
	}
	for _, o := range article.Outcomes {
		cells = append(cells, tally(words(string(o)), l.Closed[o]))
	}
	return append(cells, tally("Carried out", l.CarriedOut))
}

// audit says whether the ledger of a source adds up and has the rows of the drop.
func audit(p Publisher) []cell {
	cells := []cell{{Label: "Adds up", Text: "yes"}, {Label: "Rows agree", Text: "yes"}}
	for i, right := range []*bool{p.Balanced, p.Agrees} {
		if right != nil && !*right {
			cells[i].Text, cells[i].Class = "no", "no"
		}
	}
	return cells
}

// total adds up what sources' ledgers say.
func total(sources []Publisher) *article.Ledger {
	sum := &article.Ledger{Opened: map[string]int{}, Closed: map[article.Outcome]int{}}
	for _, p := range sources {
		if p.Ledger == nil {
			continue
		}
		sum.CarriedIn += p.Ledger.CarriedIn
		sum.CarriedOut += p.Ledger.CarriedOut
		for kind, n := range p.Ledger.Opened {
			sum.Opened[kind] += n
		}
		for o, n := range p.Ledger.Closed {
			sum.Closed[o] += n
		}
	}
	return sum
}
