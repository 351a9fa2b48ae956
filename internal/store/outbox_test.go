package store

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"
)

// freezer collects what Freeze hands to write, as batches named for it.
type freezer struct {
	t    *testing.T
	seen []string // "date: first texts"
}

func (f *freezer) write(date string, rows iter.Seq2[[]byte, error]) (Batch, error) {
	texts := all(f.t, rows)
	name := fmt.Sprintf("%s/%d", date, len(f.seen))
	f.seen = append(f.seen, fmt.Sprintf("%s: %d", date, len(texts)))
	return Batch{Key: name, Path: name, SHA256: strings.Repeat("0", 64), Rows: int64(len(texts))}, nil
}

// kept stores n articles of the source, named from the given number on.
func kept(t *testing.T, s *Store, source string, from, n int) {
	t.Helper()
	for k := range n {
		i := item(t, s, source, fmt.Sprint("ar", from+k))
		_, err := s.Keep(t.Context(), i, page(i, "A delegation came."), Telling{})
		must(t, err)
	}
}

func TestFreezeTakesEachRowOnce(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	f := &freezer{t: t}
	must(t, s.Freeze(t.Context(), "vtcnews", f.write)) // nothing to take
	kept(t, s, "vtcnews", 1, 2)
	kept(t, s, "qk7", 1, 1)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	kept(t, s, "vtcnews", 3, 3)
	must(t, s.Freeze(t.Context(), "vtcnews", f.write))
	must(t, s.Freeze(t.Context(), "vtcnews", f.write)) // nothing left
	must(t, s.Freeze(t.Context(), "qk7", f.write))
	if want := []string{"2026-11-20: 2", "2026-11-21: 3", "2026-11-20: 1"}; !slices.Equal(f.seen, want) {
		t.Errorf("frozen %q, want %q", f.seen, want)
	}

	batches, err := s.Frozen(t.Context())
	must(t, err)
	if len(batches) != 3 {
		t.Fatalf("batches %+v", batches)
	}
	for _, b := range batches {
		if rows := all(t, s.BatchRows(t.Context(), b)); int64(len(rows)) != b.Rows {
			t.Errorf("batch %s has %d rows, %d were written", b.Key, len(rows), b.Rows)
		}
	}
	must(t, s.Landed(t.Context(), batches[0]))
	if left, err := s.Frozen(t.Context()); err != nil || len(left) != 2 || left[0] != batches[1] {
		t.Errorf("after the first landed: %+v, %v", left, err)
	}
}

func TestFreezeAllOrNothing(t *testing.T) {
	t.Parallel()
	boom := errors.New("disk full")
	for name, fail := range map[string]func(rows iter.Seq2[[]byte, error]) (Batch, error){
		"write fails": func(iter.Seq2[[]byte, error]) (Batch, error) { return Batch{}, boom },
		"write fails in mid-row": func(rows iter.Seq2[[]byte, error]) (Batch, error) {
			for _, err := range rows {
				return Batch{}, errors.Join(boom, err)
			}
			return Batch{}, nil
		},
		"write panics":   func(iter.Seq2[[]byte, error]) (Batch, error) { panic("a mistake of ours") },
		"the key exists": func(iter.Seq2[[]byte, error]) (Batch, error) { return Batch{Key: "taken"}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := opened(t, "2026-11-20")
			kept(t, s, "qk7", 1, 1)
			must(t, s.Freeze(t.Context(), "qk7", func(string, iter.Seq2[[]byte, error]) (Batch, error) { return Batch{Key: "taken"}, nil }))
			kept(t, s, "vtcnews", 1, 2)
			must(t, s.Advance(t.Context(), "2026-11-21"))
			kept(t, s, "vtcnews", 3, 1)

			f := &freezer{t: t}
			err := guarded(func() error {
				return s.Freeze(t.Context(), "vtcnews", func(date string, rows iter.Seq2[[]byte, error]) (Batch, error) {
					if date == "2026-11-21" { // the first day's batch is written by then
						return fail(rows)
					}
					return f.write(date, rows)
				})
			})
			if err == nil {
				t.Fatal("the failure was lost")
			}
			if batches, err := s.Frozen(t.Context()); err != nil || len(batches) != 1 {
				t.Errorf("frozen after the failure: %+v, %v", batches, err)
			}
			again := &freezer{t: t}
			must(t, s.Freeze(t.Context(), "vtcnews", again.write))
			if want := []string{"2026-11-20: 2", "2026-11-21: 1"}; !slices.Equal(again.seen, want) {
				t.Errorf("the next Freeze took %q, want %q", again.seen, want)
			}
		})
	}
}

func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// TestRowsOfASourceThatIsGoneDoNotWaitForEver: it was taken out after a run that was cut
// off, so nothing freezes what that run kept.
func TestRowsOfASourceThatIsGoneDoNotWaitForEver(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	kept(t, s, "vtcnews", 1, 2)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	kept(t, s, "qk7", 1, 1)
	waiting := func(want int64) {
		t.Helper()
		if v, err := s.Vitals(t.Context()); v.OutboxRows != want || err != nil {
			t.Errorf("%d rows wait, want %d, %v", v.OutboxRows, want, err)
		}
	}
	waiting(3)
	seal(t, s, "2026-11-20")
	must(t, s.Supersede(t.Context(), c.now()))
	waiting(3) // a moment ago: the live part may still be wanted
	c.step(time.Hour)
	must(t, s.Supersede(t.Context(), c.now()))
	waiting(1)
	problems, err := s.Check(t.Context())
	if len(problems) > 0 || err != nil {
		t.Errorf("%q, %v", problems, err)
	}
}
