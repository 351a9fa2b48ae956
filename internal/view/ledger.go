package view

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attache/internal/article"
	"attache/internal/store"
)

// Books are the ledgers of some days.
type Books struct {
	Entries  []article.Ledger `json:"entries"`
	Gaps     []store.Gap      `json:"gaps"`     // what no list showed any more
	Problems []string         `json:"problems"` // what does not add up; empty when all does
}

// Question names days, as 2026-11-21; empty is not named.
type Question struct{ Day, From, To string }

// Days are those a question names, in a zone: one day, or several from a first to a
// last, which is today unless named. With nothing named it is today.
func (q Question) Days(now time.Time, zone *time.Location, most int) (days []store.Day, err error) {
	first, last := store.DayOf(now, zone), store.DayOf(now, zone)
	for _, named := range []struct {
		text string
		days []*store.Day
	}{{q.Day, []*store.Day{&first, &last}}, {q.From, []*store.Day{&first}}, {q.To, []*store.Day{&last}}} {
		if named.text == "" {
			continue
		}
		day, err := Day(named.text, zone)
		if err != nil {
			return nil, err
		}
		for _, d := range named.days {
			*d = day
		}
	}
	if q.To != "" && q.From == "" {
		return nil, errors.New("the last of several days (to) needs the first (from)")
	}
	for d := first; !d.From.After(last.From); d = store.DayOf(d.To, zone) {
		if days = append(days, d); len(days) > most {
			return nil, fmt.Errorf("these are more than %d days; name fewer", most)
		}
	}
	if len(days) == 0 {
		return nil, fmt.Errorf("%s is after %s", first.Date, last.Date)
	}
	return days, nil
}

// NoDay says that a text names no day.
func NoDay(text string) error { return fmt.Errorf("%q is no day; write it as 2026-11-21", text) }

// Day is the day of that name, as 2026-11-21, in a zone.
func Day(name string, zone *time.Location) (store.Day, error) {
	at, err := time.ParseInLocation(time.DateOnly, name, zone)
	if err != nil {
		return store.Day{}, NoDay(name)
	}
	return store.DayOf(at, zone), nil
}

// Read gives the ledgers of some days, those of the source only when one is named.
func Read(ctx context.Context, s *store.Store, source string, days []store.Day) (Books, error) {
	b := Books{Entries: []article.Ledger{}, Gaps: []store.Gap{}, Problems: []string{}}
	carried := map[string]int{}
	for n, day := range days {
		entries, err := s.Ledger(ctx, day)
		if err != nil {
			return b, err
		}
		out := map[string]int{}
		for _, e := range entries {
			if !e.Balance() {
				b.Problems = append(b.Problems, fmt.Sprintf("%s of %s does not add up", e.Day, e.Source))
			}
			if n > 0 && e.CarriedIn != carried[e.Source] {
				b.Problems = append(b.Problems, fmt.Sprintf("%s of %s: %d carried in, but %d were carried out the day before", e.Day, e.Source, e.CarriedIn, carried[e.Source]))
			}
			out[e.Source] = e.CarriedOut
			if source == "" || source == e.Source {
				b.Entries = append(b.Entries, e)
			}
		}
		carried = out
	}
	gaps, err := s.Gaps(ctx, days[0].From, days[len(days)-1].To)
	for _, g := range gaps {
		if source == "" || source == g.Source {
			b.Gaps = append(b.Gaps, g)
		}
	}
	return b, err
}
