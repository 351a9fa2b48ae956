package quality_test

import (
	"slices"
	"testing"
	"time"

	"attache/internal/quality"
)

// TestManyGapsAreOneFinding: the stretches a source misses for one reason are told once.
func TestManyGapsAreOneFinding(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	day := quality.Day{Running: true, Sources: []quality.Source{{ID: "a"}}}
	for n := range 30 {
		from := at.Add(time.Duration(n) * 30 * time.Minute)
		day.Gaps = append(day.Gaps, quality.Gap{From: from, To: from.Add(10 * time.Minute), Source: "a", Note: "its lists had moved on"})
	}
	day.Gaps = append(day.Gaps, quality.Gap{From: at, To: at.Add(time.Hour), Note: "attache was stopped"}, quality.Gap{From: at, To: at.Add(time.Hour), Source: "a"})
	r := report(day, nil)
	want := []quality.Finding{
		{Kind: "gap", Source: "a", Text: "5 h missing, in 30 stretches: its lists had moved on"},
		{Kind: "gap", Text: "1 h missing: attache was stopped"},
		{Kind: "gap", Source: "a", Text: "1 h missing: the reason is not known."},
	}
	if n := open(t, r).Find("details > table tbody tr").Length(); n != 32 {
		t.Errorf("the page folds %d of them away", n)
	}
	if !slices.Equal(r.Findings, want) || r.Totals.Gaps != 32 || len(r.Gaps) != 32 {
		t.Errorf("found %+v of %d gaps", r.Findings, r.Totals.Gaps)
	}
}
