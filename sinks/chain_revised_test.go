package sinks

import (
	"strings"
	"testing"
	"time"
)

// fourDays are three days, the second sealed again after the third, and a fourth that
// knows; and a fifth.
func fourDays(t *testing.T, knows func(w *world, m *Manifest)) *world {
	t.Helper()
	plans := threeDays()
	w := newWorld(t, plans...)
	again := plans[1]
	again.rev, again.claim = 1, func(m *Manifest) {
		m.SealedAt = w.manifests[day].SealedAt.Add(time.Hour)
		m.Sources["vtcnews"].Ledger.CarriedIn, m.Sources["vtcnews"].Ledger.CarriedOut = 1, 2
	}
	old := w.manifests[again.date].Named()
	w.seal(t, again)
	for _, f := range old {
		if err := w.Remove(t.Context(), f.Key); err != nil {
			t.Fatal(err)
		}
	}
	w.seal(t, plan{date: "2026-11-22", claim: func(m *Manifest) { knows(w, m) }})
	return w
}

func TestVerifyAllOfRevisedDays(t *testing.T) {
	t.Parallel()
	r1, r0, fourth := ManifestKey("2026-11-20", 1), ManifestKey("2026-11-20", 0), ManifestKey("2026-11-22", 0)
	knows := func(w *world, m *Manifest) { m.Revised = []Link{w.links[r1]} }
	forgets := func(*world, *Manifest) {}
	fifth := func(t *testing.T, w *world) { w.seal(t, plan{date: "2026-11-23"}) }
	for name, c := range map[string]struct {
		knows func(*world, *Manifest)
		harm  func(*testing.T, *world)
		want  []string
		says  string // in a finding, or else in a note
	}{
		"known":   {knows, fifth, nil, ""},
		"not yet": {forgets, func(*testing.T, *world) {}, nil, "r1.json: the one drop sealed after it does not know it; the next must"},
		"known later": {forgets, func(t *testing.T, w *world) {
			w.seal(t, plan{date: "2026-11-23", claim: func(m *Manifest) { knows(w, m) }})
		}, nil, ""},
		"never known":          {forgets, fifth, []string{"chain " + r1}, "no later manifest knows it"},
		"known and changed":    {knows, func(t *testing.T, w *world) { w.rewrite(t, r1, func(m *Manifest) { m.Reason = "mine" }) }, []string{"chain " + fourth}, "it knows 2026-11-20 r1 with sha256"},
		"known and gone":       {knows, func(t *testing.T, w *world) { w.edit(t, r1, func([]byte) []byte { return nil }) }, []string{"chain " + fourth, "missing v1/", "missing v1/", "missing v1/", "missing v1/", "missing v1/", "stray v1/", "stray v1/", "stray v1/", "stray v1/", "stray v1/"}, "it knows 2026-11-20 r1, which is not here"},
		"an r0 among them":     {func(w *world, m *Manifest) { knows(w, m); m.Revised = append(m.Revised, w.links[r0]) }, func(*testing.T, *world) {}, []string{"chain " + fourth}, "it knows 2026-11-20 r0, which cannot be"},
		"one of a later day":   {func(w *world, m *Manifest) { knows(w, m); m.Revised = append(m.Revised, Link{"2026-11-23", 1, ""}) }, func(*testing.T, *world) {}, []string{"chain " + fourth}, "it knows 2026-11-23 r1, which cannot be"},
		"one gone for its age": {func(w *world, m *Manifest) { knows(w, m); m.Revised = append(m.Revised, Link{"2026-10-23", 1, ""}) }, func(*testing.T, *world) {}, nil, "knows 2026-10-23 r1, which is not here: what was sealed before 2026-11-19 was removed, or not copied"},
		"another data folder":  {func(_ *world, m *Manifest) { m.Begins = true }, fifth, nil, "attache has begun anew in another data folder since"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fourDays(t, c.knows)
			c.harm(t, w)
			everywhere(t, w, func(t *testing.T, o Objects) {
				a, err := VerifyAll(t.Context(), o, nil, nil)
				if err != nil || a.OK != (c.want == nil) {
					t.Fatalf("%+v, %v", a, err)
				}
				if c.want != nil {
					begins(t, a.All(), c.want, c.says)
				} else if got := strings.Join(a.Notes, "\n"); (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
					t.Errorf("notes %q, want %q", got, c.says)
				}
			})
		})
	}
}

// TestKnownByTheNext: a further revision that a later one supersedes is known with it.
func TestKnownByTheNext(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	first, second := Link{"2026-11-20", 1, "a"}, Link{"2026-11-20", 2, "b"}
	p := &past{manifests: []sealed{{Link: first, at: at}, {Link: second, at: at.Add(1), previous: &first}}}
	for i := range 3 {
		p.manifests = append(p.manifests, sealed{Link: Link{"2026-12-0" + string(rune('1'+i)), 0, ""}, at: at.AddDate(0, 0, i+1)})
	}
	if findings, _ := p.unknown(); len(findings) != 2 {
		t.Errorf("%v", findings)
	}
	p.manifests[3].revised = []Link{second}
	if findings, notes := p.unknown(); len(findings)+len(notes) != 0 {
		t.Errorf("%v, %v", findings, notes)
	}
}
