package sinks

import (
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

// TestVerifyAllFinds does one thing wrong at a time across drops, each of which is
// sound by itself.
func TestVerifyAllFinds(t *testing.T) {
	t.Parallel()
	const first, second = "2026-11-19", "2026-11-20"
	last := ManifestKey(day, 0)
	gone := func([]byte) []byte { return nil }
	claim := func(change func(*Manifest)) func([]plan) []plan {
		return func(plans []plan) []plan { plans[2].claim = change; return plans }
	}
	add := func(id string, revision int) func([]plan) []plan {
		return func(plans []plan) []plan {
			plans[2].records = append(plans[2].records, record(id, revision, 5))
			return plans
		}
	}
	removed := func(date string) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			w.edit(t, ManifestKey(date, 0), gone)
			for _, f := range w.manifests[date].Named() {
				w.edit(t, f.Key, gone)
			}
		}
	}
	rows := []string{"duplicate v1/jsonl/drop_date=" + day}
	for name, c := range map[string]struct {
		seal func([]plan) []plan
		harm func(*testing.T, *world)
		want []string
		says string
	}{
		"a revision again": {add("ar3", 1), nil, rows, "row 4: vtcnews:ar3 revision 1 is in the drop of 2026-11-20 already"},
		"a revision too late": {func(plans []plan) []plan {
			plans[1].records = append(plans[1].records, record("ar6", 3, 6))
			return add("ar6", 2)(plans)
		}, nil, rows, "comes after revision 3, which is in the drop of 2026-11-20"},
		"no link": {claim(func(m *Manifest) { m.Previous = nil }), nil, []string{"chain " + last}, "does not name the drop before it, 2026-11-20"},
		"a link too far": {func(plans []plan) []plan {
			plans[2].claim = func(m *Manifest) { m.Previous = &Link{first, 0, digest([]byte("?"))} }
			return plans
		}, func(t *testing.T, w *world) {
			w.rewrite(t, last, func(m *Manifest) { *m.Previous = w.links[ManifestKey(first, 0)] })
		}, []string{"chain " + last}, "it follows 2026-11-19 r0, though there is a drop of 2026-11-20"},
		"a window that overlaps": {claim(func(m *Manifest) { m.Window.From = m.Window.From.Add(-time.Minute) }), nil, []string{"chain " + last}, "its window begins at"},
		"work that vanished":     {claim(func(m *Manifest) { l := m.Sources["vtcnews"].Ledger; l.CarriedIn--; l.CarriedOut-- }), nil, []string{"ledger " + last}, "carries 1 items in, but the drop before carried 2 out"},
		"a source that vanished": {claim(func(m *Manifest) { m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Ledger = nil }) }), nil, []string{"ledger " + last}, "carries 0 items in, but the drop before carried 2 out"},
		"a day removed":          {nil, removed(second), []string{"chain ", "chain " + last}, "there is no drop of 2026-11-20"},
		"rows without a ledger": {claim(func(m *Manifest) {
			m.Sources["vtcnews"] = claimed(m, func(s *SourceCount) { s.Ledger, s.Watched = nil, true })
		}), nil, []string{"ledger " + last, "ledger " + last}, "source vtcnews has 3 rows and no ledger"},
		"sealed too early":     {claim(func(m *Manifest) { m.SealedAt = m.Window.To.Add(-time.Hour) }), nil, []string{"manifest " + last}, "sealed before its window ended"},
		"a gap backwards":      {claim(func(m *Manifest) { m.Gaps = []Gap{{Window: Window{m.Window.To, m.Window.From}, Note: "why"}} }), nil, []string{"manifest " + last}, "a gap in it ends before it begins: why"},
		"not running, it says": {claim(func(m *Manifest) { m.Running = false }), nil, []string{"manifest " + last}, "has no gap that says so"},
		"the last day removed": {nil, removed(day), []string{"latest " + LatestKey}, "it leads to 2026-11-21 r0"},
		"a manifest removed": {
			nil, func(t *testing.T, w *world) { w.edit(t, ManifestKey(second, 0), gone) },
			[]string{"chain ", "chain " + last, "stray v1/_quality/", "stray v1/_quality/", "stray v1/jsonl/", "stray v1/parquet/", "stray v1/rejects/"},
			"the drop has no manifest",
		},
		"a manifest edited": {nil, func(t *testing.T, w *world) {
			w.rewrite(t, ManifestKey(first, 0), func(m *Manifest) { m.Producer = "somebody else" })
		}, []string{"chain " + ManifestKey(second, 0)}, "it was changed"},
		"a manifest damaged": {nil, func(t *testing.T, w *world) {
			w.edit(t, ManifestKey(second, 0), func(b []byte) []byte { return b[1:] })
		}, []string{"manifest " + ManifestKey(second, 0), "chain " + last}, "it was changed"},
		"the last one damaged":     {nil, func(t *testing.T, w *world) { w.edit(t, last, func(b []byte) []byte { return b[1:] }) }, []string{"manifest " + last}, ""},
		"no pointer":               {nil, func(t *testing.T, w *world) { w.edit(t, LatestKey, gone) }, []string{"latest " + LatestKey}, "it is missing"},
		"half a pointer":           {nil, func(t *testing.T, w *world) { w.edit(t, LatestKey, func(b []byte) []byte { return b[:9] }) }, []string{"latest " + LatestKey}, "unexpected end"},
		"a pointer backwards":      {nil, func(t *testing.T, w *world) { w.point(t, Latest{second, 0, ManifestKey(second, 0), 3}) }, []string{"latest " + LatestKey}, "it leads to 2026-11-20 r0"},
		"a pointer that miscounts": {nil, func(t *testing.T, w *world) { w.point(t, Latest{day, 0, last, 4}) }, []string{"latest " + LatestKey}, "with 4 rows"},
		"no capture": {nil, func(t *testing.T, w *world) {
			w.put(t, strings.Replace(pages, "a.warc", "b.warc", 1), []byte("?"))
			w.edit(t, pages, gone)
		}, []string{"missing " + pages}, "the page of vtcnews:ar1 is to be in it"},
		"half a capture": {nil, func(t *testing.T, w *world) { w.edit(t, pages, func(b []byte) []byte { return b[:20] }) }, []string{"differs " + pages}, "it ends after 20 bytes, the page of vtcnews:ar1 is to be at 20"},
		"objects of no drop": {nil, func(t *testing.T, w *world) {
			for _, key := range []string{
				"v1/parquet/a.parquet", "v1/_manifests/r0.json", "v1/jsonl/drop_date=today/x", "v1/rejects/drop_date=2026-13-01/x", "v1/extra/x", "v1/_latest.json.bak", "v1/_schema/article-1.0.schema.json",
				"v1/live/drop_date=2026-11-25/x", "v1/raw/x", "v1/_doctor/x", "v1/_schema/article-1.12.0.schema.json", "v2/x",
			} {
				w.put(t, key, []byte("?"))
			}
		}, []string{
			"stray v1/_doctor/x", "stray v1/_latest.json.bak", "stray v1/_schema/article-1.0.schema.json", "stray v1/_schema/article-1.12.0.schema.json", "stray v1/extra/x", "stray v1/live/drop_date=2026-11-25/x",
			"stray v1/_manifests/r0.json", "stray v1/jsonl/drop_date=today/x", "stray v1/parquet/a.parquet", "stray v1/raw/x", "stray v1/rejects/drop_date=2026-13-01/x",
		}, "it belongs to no drop"},
		"a live part of other bytes": {nil, func(t *testing.T, w *world) {
			w.put(t, LiveKey("2026-11-22", "run", digest([]byte("!"))), []byte("?"))
			w.put(t, LiveKey("2026-11-22", "run", digest([]byte("?"))), []byte("?")) // as it should be
		}, []string{"differs v1/live/"}, "its name says " + sha12(digest([]byte("!")))},
		"a live part left over": {nil, func(t *testing.T, w *world) {
			w.put(t, LiveKey("2026-11-18", "run", digest([]byte("?"))), []byte("?"))
		}, []string{"stray v1/live/"}, "the part was left over"},
		"a pointer with a key twice": {nil, func(t *testing.T, w *world) {
			w.edit(t, LatestKey, func(b []byte) []byte { return append([]byte(`{"rows":7,`), b[1:]...) })
		}, []string{"latest " + LatestKey}, "its key rows stands there twice"},
		"a revision known twice": {nil, func(t *testing.T, w *world) {
			w.rewrite(t, last, func(m *Manifest) {
				l := Link{"2026-11-01", 1, ""}
				m.Revised = []Link{l, l}
			})
		}, []string{"chain " + last}, "it says twice that it knows 2026-11-01 r1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plans := threeDays()
			if c.seal != nil {
				plans = c.seal(plans)
			}
			w := newWorld(t, plans...)
			if c.harm != nil {
				c.harm(t, w)
			}
			everywhere(t, w, func(t *testing.T, o Objects) {
				a, err := VerifyAll(t.Context(), o, nil, nil)
				if err != nil || a.OK {
					t.Fatalf("%+v, %v", a, err)
				}
				begins(t, a.All(), c.want, c.says)
			})
		})
	}
}

// TestVerifyAllOfSomeDays is about those days alone.
func TestVerifyAllOfSomeDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	w.point(t, Latest{})
	w.put(t, "v1/parquet/a.parquet", []byte("?"))
	w.edit(t, w.key("2026-11-20", FormatJSONL), func([]byte) []byte { return nil })
	a, err := VerifyAll(t.Context(), w.Bucket, []string{day, "2026-11-19", day}, nil)
	if err != nil || !a.OK || len(a.Drops) != 2 || a.Drops[0].Date != "2026-11-19" {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := VerifyAll(t.Context(), w.Bucket, []string{day, "2026-11-20"}, nil); err != nil || len(a.All()) != 1 || a.All()[0].Kind != Missing {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestRevisionsOfADayInAnyOrder: in a drop they stand in the order of publication.
func TestRevisionsOfADayInAnyOrder(t *testing.T) {
	t.Parallel()
	second := record("ar6", 2, 10)
	first := record("ar6", 1, 11) // the publisher corrected the time backwards
	plans := threeDays()
	plans[2].records = append(plans[2].records, second, first)
	next := plan{date: "2026-11-22", records: []article.Record{record("ar6", 3, 1)}}
	w := newWorld(t, append(plans, next)...)
	if a, err := VerifyAll(t.Context(), w.Bucket, nil, nil); err != nil || !a.OK {
		t.Errorf("%v, %v", a.All(), err)
	}
}

func TestFindingIsALine(t *testing.T) {
	t.Parallel()
	f := Finding{Drop: day, Key: "v1/a\nb", Kind: Missing, Detail: strings.Repeat("gone ", 200)}
	if s := f.String(); strings.Contains(s, "\n") || !strings.HasPrefix(s, "2026-11-21  missing  v1/a b  gone gone") || len(s) > 700 {
		t.Error(s)
	}
	if s := (Finding{Key: "v1/\x1b[2J\u202ex.\"y", Kind: Stray}).String(); s != `stray  v1/\x1b[2J\u202ex."y` {
		t.Error(s)
	}
	if s := (Finding{Kind: BadLatest, Detail: "x"}).String(); s != "latest  x" {
		t.Error(s)
	}
	if kinds := slices.Compact(slices.Sorted(slices.Values(Kinds))); len(kinds) != len(Kinds) {
		t.Errorf("two kinds have one name: %v", kinds)
	}
}

func TestReadRevision(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	everywhere(t, w, func(t *testing.T, o Objects) {
		m, link, err := ReadRevision(t.Context(), o, day, 0)
		if err != nil || link != w.links[ManifestKey(day, 0)] || m.Rows != 3 {
			t.Errorf("%v, %v, %v", m, link, err)
		}
		if m, err := ReadManifest(t.Context(), o, day); err != nil || m.Rows != 3 {
			t.Errorf("%v, %v", m, err)
		}
		if l, err := ReadLatest(t.Context(), o); err != nil || l.DropDate != day || l.Rows != 3 {
			t.Errorf("%v, %v", l, err)
		}
		if dates, err := Sealed(t.Context(), o); err != nil || !slices.Equal(dates, []string{"2026-11-19", "2026-11-20", day}) {
			t.Errorf("%v, %v", dates, err)
		}
	})
}

// TestPastForgetsNothing: a revision that came late does not hide the higher one.
func TestPastForgetsNothing(t *testing.T) {
	t.Parallel()
	p := &past{articles: map[[16]byte]reach{}}
	for i, step := range []struct {
		number int
		says   string
	}{{3, ""}, {2, "comes after revision 3, which is in the drop of d0"}, {3, "is in the drop of d0 already"}, {4, ""}} {
		p.drops = append(p.drops, "d"+string(rune('0'+i)))
		if kind, says := p.ascends(revision{number: step.number}, head{revision: step.number}); says != step.says || (kind == Duplicate) != (says != "") {
			t.Errorf("%d: %s %q, want %q", step.number, kind, says, step.says)
		}
	}
}
