package store

import (
	"reflect"
	"testing"
	"time"

	"attache/internal/article"
)

var hanoi = time.FixedZone("+07", 7*60*60)

func TestDayOf(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	for name, c := range map[string]struct {
		at    time.Time
		zone  *time.Location
		date  string
		hours int
	}{
		"before midnight in Hanoi": {time.Date(2026, 11, 20, 16, 59, 59, 0, time.UTC), hanoi, "2026-11-20", 24},
		"midnight in Hanoi":        {time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC), hanoi, "2026-11-21", 24},
		"winter comes":             {time.Date(2026, 10, 25, 12, 0, 0, 0, time.UTC), berlin, "2026-10-25", 25},
		"summer comes":             {time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC), berlin, "2026-03-29", 23},
	} {
		d := DayOf(c.at, c.zone)
		if d.Date != c.date || d.To.Sub(d.From) != time.Duration(c.hours)*time.Hour || c.at.Before(d.From) || !c.at.Before(d.To) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func entry(t *testing.T, s *Store, day Day) article.Ledger {
	t.Helper()
	entries, err := s.Ledger(t.Context(), day)
	must(t, err)
	if len(entries) != 1 {
		t.Fatalf("the ledger of %s: %+v", day.Date, entries)
	}
	if !entries[0].Balance() {
		t.Errorf("it does not add up: %+v", entries[0])
	}
	return entries[0]
}

// TestLedger follows three addresses over two days, with the clock set back in between.
func TestLedger(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20") // it is 13:00 in Hanoi
	first, second := DayOf(c.now(), hanoi), DayOf(c.now().AddDate(0, 0, 1), hanoi)
	a, b := item(t, s, "vtcnews", "ar1"), item(t, s, "vtcnews", "ar2")
	must(t, s.End(t.Context(), a, article.Failed, a.URL+" answers 404 Not Found"))
	c.step(-20 * time.Hour) // to yesterday
	must(t, s.End(t.Context(), b, article.Failed, b.URL+" answers 404 Not Found"))
	c.step(20 * time.Hour)
	d := item(t, s, "vtcnews", "ar3")

	want := article.Ledger{
		Day: "2026-11-20", Source: "vtcnews", Opened: map[string]int{"new": 3}, Closed: map[article.Outcome]int{article.Failed: 2}, CarriedOut: 1,
		Missing: []article.Missing{{Outcome: article.Failed, Reason: "… answers 404 Not Found", Count: 2, Example: a.URL}},
	}
	if got := entry(t, s, first); !reflect.DeepEqual(got, want) {
		t.Errorf("the first day: %+v, want %+v", got, want)
	}
	must(t, s.CloseLedgers(t.Context(), hanoi))
	if until, err := floor(t.Context(), s.r); until != 0 || err != nil {
		t.Errorf("a day that is not over was closed, %v", err)
	}
	c.step(12 * time.Hour) // past midnight
	must(t, s.CloseLedgers(t.Context(), hanoi))
	if until, err := floor(t.Context(), s.r); until != 0 || err != nil {
		t.Errorf("a day whose drop is open was closed, %v", err)
	}
	must(t, s.Advance(t.Context(), "2026-11-21"))
	must(t, s.CloseLedgers(t.Context(), hanoi))

	c.step(-3 * time.Hour) // before midnight, on a day that is closed
	must(t, s.End(t.Context(), d, article.Blocked, "robots.txt says no"))
	item(t, s, "vtcnews", "ar4")
	if got := entry(t, s, first); !reflect.DeepEqual(got, want) {
		t.Errorf("the first day after it was closed: %+v, want %+v", got, want)
	}
	got := entry(t, s, second)
	if got.CarriedIn != 1 || got.Opened["new"] != 1 || got.Closed[article.Blocked] != 1 || got.CarriedOut != 1 {
		t.Errorf("the second day: %+v", got)
	}
}

// TestLedgerOutlivesItsItems: days are closed in a row, those without attache too.
func TestLedgerOutlivesItsItems(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	must(t, s.End(t.Context(), item(t, s, "qk7", "1"), article.OutOfScope, ""))
	before := entry(t, s, DayOf(c.now(), time.UTC))
	c.step(10 * 24 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-30"))
	must(t, s.CloseLedgers(t.Context(), time.UTC))
	if done, err := s.Prune(t.Context(), Ages{}); done.Items != 0 || err != nil {
		t.Errorf("pruned %+v before the drop was sealed, %v", done, err)
	}
	seal(t, s, "2026-11-20")
	done, err := s.Prune(t.Context(), Ages{})
	if done.Items != 1 || err != nil {
		t.Fatalf("pruned %+v, %v", done, err)
	}
	if after := entry(t, s, DayOf(newClock().now(), time.UTC)); !reflect.DeepEqual(before, after) {
		t.Errorf("it was %+v and is %+v", before, after)
	}
	days, err := column(t.Context(), s.r, `SELECT day FROM ledger_days`)
	if len(days) != 10 || err != nil {
		t.Errorf("closed %v, %v", days, err)
	}
}

// TestLedgerInAnotherZone: an operator who moves the zone gets no gap and no overlap.
func TestLedgerInAnotherZone(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	item(t, s, "qk7", "1")
	for day, zone := range []*time.Location{hanoi, time.UTC, hanoi, time.FixedZone("-09", -9*60*60)} {
		c.step(48 * time.Hour)
		must(t, s.Advance(t.Context(), newClock().now().AddDate(0, 0, 2*day+2).Format(time.DateOnly)))
		must(t, s.CloseLedgers(t.Context(), zone))
	}
	days, err := column(t.Context(), s.r, `SELECT day FROM ledger_days`)
	must(t, err)
	if len(days) < 6 {
		t.Errorf("closed only %v", days)
	}
	if problems, err := s.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("%q, %v", problems, err)
	}
}

func TestBalanceSeesALostItem(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"ended before it was opened": `UPDATE items SET closed_at = 1, outcome = 'failed'`,
		"gone from a closed day":     `DELETE FROM items`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := opened(t, "2026-11-20")
			item(t, s, "qk7", "1")
			day := DayOf(c.now(), time.UTC)
			c.step(24 * time.Hour)
			must(t, s.Advance(t.Context(), "2026-11-21"))
			if name != "ended before it was opened" {
				must(t, s.CloseLedgers(t.Context(), time.UTC))
			}
			_, err := s.w.ExecContext(t.Context(), harm)
			must(t, err)
			c.step(24 * time.Hour)
			must(t, s.Advance(t.Context(), "2026-11-22"))
			item(t, s, "qk7", "2")
			c.step(24 * time.Hour)
			must(t, s.Advance(t.Context(), "2026-11-23"))
			balance := true
			entries, err := s.Ledger(t.Context(), day)
			must(t, err)
			for _, e := range entries {
				balance = balance && e.Balance()
			}
			must(t, s.CloseLedgers(t.Context(), time.UTC))
			problems, err := s.Check(t.Context())
			must(t, err)
			if balance && len(problems) == 0 {
				t.Errorf("nobody saw it: %+v", entries)
			}
		})
	}
}
