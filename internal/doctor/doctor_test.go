package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/article"
	"attache/internal/store"
	"attache/seeds"
	"attache/sinks"
)

var (
	now   = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC) // 10:00 in Hanoi
	hanoi = time.FixedZone("+07", 7*60*60)
)

// judged holds a finding to its status, and to words it must contain; what is not ok
// says what to do.
func judged(t *testing.T, f Finding, status Status, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(f.Found, w) {
			t.Errorf("%s: it does not say %q: %+v", f.Check, w, f)
		}
	}
	if f.Status != status || f.Check == "" || (f.Do == "") != (status == OK) {
		t.Errorf("%+v; want %s", f, status)
	}
}

// fake is a store that answers what the test sets.
type fake struct {
	verdict string
	err     error
	entries []article.Ledger
	batches int
	since   time.Time
	drops   []store.Drop
	last    map[string]time.Time
	reports [][]byte
	pages   []store.Quarantined
	down    []store.Takedown
	paused  string // the source that is
}

func (f *fake) Paused(_ context.Context, source string) (at time.Time, err error) {
	if source == f.paused {
		at = now.Add(-time.Hour)
	}
	return at, f.err
}

func (f *fake) Size(context.Context) (store.Stats, error) { return store.Stats{Version: 3}, f.err }

func (f *fake) QuickCheck(context.Context) (string, error) { return f.verdict, f.err }

func (f *fake) Waiting(context.Context) (int, time.Time, error) { return f.batches, f.since, f.err }

func (f *fake) Drops(context.Context) ([]store.Drop, error) { return f.drops, f.err }

func (f *fake) Ledger(context.Context, store.Day) ([]article.Ledger, error) { return f.entries, f.err }

func (f *fake) LastRun(_ context.Context, source string) (time.Time, []byte, error) {
	return f.last[source], nil, f.err
}

func (f *fake) Summaries(context.Context, string, time.Time) ([][]byte, []time.Time, error) {
	return f.reports, make([]time.Time, len(f.reports)), f.err
}

func (f *fake) InQuarantine(context.Context, string) ([]store.Quarantined, error) {
	return f.pages, f.err
}

func (f *fake) Takedowns(context.Context, store.Stage) ([]store.Takedown, error) {
	return f.down, f.err
}

func TestTakedowns(t *testing.T) {
	t.Parallel()
	judged(t, Takedowns(t.Context(), &fake{}), OK)
	judged(t, Takedowns(t.Context(), &fake{down: []store.Takedown{{ArticleID: "qk7:1"}}}), Fail, "qk7:1")
	judged(t, Takedowns(t.Context(), &fake{err: errors.New("damaged")}), Fail, "damaged")
}

func sources(t *testing.T) []*seeds.Source {
	t.Helper()
	quarterly, err := cron.ParseStandard("*/15 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	return []*seeds.Source{{ID: "qk7", Zone: hanoi, Cron: quarterly}, {ID: "vtcnews", Zone: hanoi, Cron: quarterly}}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	judged(t, Config("", "", nil), Fail, "crawl.contact")
	judged(t, Config("a.yaml", "", errors.New("a.yaml:3:1: unknown field")), Fail, "a.yaml:3:1")
	judged(t, Config("a.yaml", "desk@example.org", nil), OK, "desk@example.org")
	judged(t, Loaded(16, nil), OK, "16")
	judged(t, Loaded(0, errors.New("own/x.yaml:1:1: unknown field")), Fail, "own/x.yaml")
}

func TestSpace(t *testing.T) {
	t.Parallel()
	judged(t, space("/srv", 400<<20, 4<<30, 500<<20), Fail, "400 MiB", "/srv", "disk.stop (500 MiB)")
	judged(t, space("/srv", 400<<20, 4<<30, 300<<20), Warn, "disk.warn (4.0 GiB)")
	judged(t, space("/srv", 400<<20, 400<<20, 300<<20), OK)
	if f := Disk(filepath.Join(t.TempDir(), "not", "yet"), 1, 1); f.Found == "" || strings.Contains(f.Found, "no such file") {
		t.Errorf("of a folder that is to be made: %+v", f)
	}
}

func TestWaitingFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := time.Now()
	judged(t, Waiting("spool", filepath.Join(dir, "none"), ".gz", at), OK, "nothing waits")
	judged(t, Waiting("spool", dir, ".gz", at), OK, "nothing waits")
	for _, name := range []string{"a.gz", "b/c.gz", "b/half.tmp"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, make([]byte, 512), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	judged(t, Waiting("spool", dir, ".gz", at), OK, "2 files, 1.0 KiB")
	judged(t, Waiting("spool", dir, ".gz", at.Add(3*time.Hour)), Warn, "3 h")
	judged(t, Waiting("spool", dir, ".gz", at.Add(49*time.Hour)), Fail, "2 days")
}

type prober struct {
	sinks.Probed
	err error
}

func (p prober) Probe(context.Context) (sinks.Probed, error) { return p.Probed, p.err }

func TestBucket(t *testing.T) {
	t.Parallel()
	rights := []sinks.Right{{Name: "list"}, {Name: "put"}}
	of := func(p sinks.Probed, err error) []Finding { return Bucket(t.Context(), prober{p, err}) }

	judged(t, of(sinks.Probed{}, errors.New("told to stop"))[0], Fail, "told to stop")
	judged(t, of(sinks.Probed{Rights: rights}, nil)[0], OK, "If-Match")
	judged(t, of(sinks.Probed{Rights: rights, Left: "v1/_doctor/probe"}, nil)[1], Warn, "stays at v1/_doctor/probe")
	got := of(sinks.Probed{Rights: []sinks.Right{{Name: "list"}, {Name: "put", Err: errors.New("denied")}}, Dated: true}, nil)
	judged(t, got[0], Fail, "cannot put: denied")
	judged(t, got[1], OK, "agrees")
	for ahead, status := range map[time.Duration]Status{time.Second: OK, time.Minute: Warn, -time.Minute: Warn, time.Hour: Fail, -time.Hour: Fail} {
		got := of(sinks.Probed{Rights: rights, Dated: true, Clock: ahead}, nil)[1]
		judged(t, got, status)
		if status != OK && strings.Contains(got.Found, "behind") != (ahead > 0) {
			t.Errorf("S3 is ahead by %s: %+v", ahead, got)
		}
	}
	judged(t, Unasked(true, "objects"), OK, "was not asked", "objects")
	judged(t, Unasked(false, "objects"), OK, "objects")
	judged(t, NoBucket(errors.New("no region")), Fail, "no region")
}

func TestStore(t *testing.T) {
	t.Parallel()
	judged(t, Sound(t.Context(), &fake{verdict: "ok"}), OK, "version 3")
	judged(t, Sound(t.Context(), &fake{verdict: "Tree 4 page 9: btreeInitPage() returns error code 11"}), Fail, "btreeInitPage")
	judged(t, Sound(t.Context(), &fake{err: errors.New("database disk image is malformed")}), Fail, "malformed")
	judged(t, Unopened(fs.ErrNotExist), Warn)
	judged(t, Unopened(fmt.Errorf("store: %w", store.ErrOlder)), Warn, "older")
	judged(t, Unopened(fmt.Errorf("store: %w", store.ErrNewer)), Fail, "newer")
	if f := Unopened(store.ErrNewer); strings.Contains(f.Do, "damaged") || !strings.Contains(f.Do, "newer") {
		t.Errorf("a store that is well is treated as damaged: %+v", f)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	whole := article.Ledger{Day: "2026-11-21", Source: "qk7", Opened: map[string]int{"new": 2}, Closed: map[article.Outcome]int{article.Stored: 1}, CarriedOut: 1}
	judged(t, Ledger(t.Context(), &fake{entries: []article.Ledger{whole}}, now, hanoi), OK)
	whole.CarriedOut = 0
	judged(t, Ledger(t.Context(), &fake{entries: []article.Ledger{whole}}, now, hanoi), Fail, "qk7 does not add up")
	judged(t, Ledger(t.Context(), &fake{err: errors.New("broken")}, now, hanoi), Fail, "broken")
}

func TestLanding(t *testing.T) {
	t.Parallel()
	judged(t, Landing(t.Context(), &fake{}, now), OK)
	judged(t, Landing(t.Context(), &fake{batches: 3, since: now.Add(-time.Hour)}, now), OK, "3 batches")
	judged(t, Landing(t.Context(), &fake{batches: 3, since: now.Add(-5 * time.Hour)}, now), Warn, "5 h")
	judged(t, Landing(t.Context(), &fake{batches: 3, since: now.Add(-25 * time.Hour)}, now), Fail)
}

func TestDrops(t *testing.T) {
	t.Parallel()
	drop := func(date string, sealed bool) store.Drop {
		d := store.Drop{Date: date}
		if sealed {
			d.Sealed = now
		}
		return d
	}
	at := 30 * time.Minute // seal.at
	for name, c := range map[string]struct {
		drops  []store.Drop
		now    time.Time
		status Status
		says   string
	}{
		"nothing yet":              {nil, now, OK, "none is due"},
		"the first day":            {[]store.Drop{drop("2026-11-21", false)}, now, OK, "none is due"},
		"as it should be":          {[]store.Drop{drop("2026-11-20", true), drop("2026-11-21", false)}, now, OK, "up to 2026-11-20"},
		"yesterday is not sealed":  {[]store.Drop{drop("2026-11-19", true), drop("2026-11-20", false), drop("2026-11-21", false)}, now, Fail, "2026-11-20 is not"},
		"a hole":                   {[]store.Drop{drop("2026-11-18", false), drop("2026-11-19", true), drop("2026-11-20", true)}, now, Fail, "2026-11-18 is not"},
		"attache stopped long ago": {[]store.Drop{drop("2026-11-17", true), drop("2026-11-18", false)}, now, Fail, "2026-11-18 is not"},
		"it may still be sealing":  {[]store.Drop{drop("2026-11-20", false), drop("2026-11-21", false)}, time.Date(2026, 11, 20, 18, 20, 0, 0, time.UTC), OK, "none is due"}, // 01:20
		"sealed before its time":   {[]store.Drop{drop("2026-11-21", true), drop("2026-11-22", false)}, now, OK, "up to 2026-11-21"},
		"the clock was ahead":      {[]store.Drop{drop("2026-11-22", true), drop("2026-11-23", false)}, now, Fail, "2026-11-23, which is yet to come"},
		"that takes too long":      {[]store.Drop{drop("2026-11-20", false), drop("2026-11-21", false)}, time.Date(2026, 11, 20, 18, 40, 0, 0, time.UTC), Fail, "none is sealed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judged(t, Drops(t.Context(), &fake{drops: c.drops}, c.now, hanoi, at), c.status, c.says)
		})
	}
}

func TestRuns(t *testing.T) {
	t.Parallel()
	ran := func(qk7, vtc time.Duration) *fake {
		f := &fake{last: map[string]time.Time{}}
		for id, age := range map[string]time.Duration{"qk7": qk7, "vtcnews": vtc} {
			if age > 0 {
				f.last[id] = now.Add(-age)
			}
		}
		return f
	}
	judged(t, Runs(t.Context(), ran(time.Minute, 40*time.Minute), sources(t), now, true), OK, "all 2")
	judged(t, Runs(t.Context(), ran(time.Minute, 50*time.Minute), sources(t), now, true), Fail, "1 of 2", "vtcnews (50 min ago)")
	judged(t, Runs(t.Context(), ran(time.Minute, 50*time.Hour), sources(t), now, false), Warn, "vtcnews")
	judged(t, Runs(t.Context(), ran(time.Minute, 0), sources(t), now, true), Warn, "never ran: vtcnews")
	judged(t, Runs(t.Context(), &fake{err: errors.New("broken")}, sources(t), now, true), Fail, "broken")
}

func TestWorking(t *testing.T) {
	t.Parallel()
	all, f := Working(t.Context(), &fake{}, sources(t))
	judged(t, f, OK, "no source")
	if len(all) != 2 {
		t.Errorf("%d sources work", len(all))
	}
	working, f := Working(t.Context(), &fake{paused: "qk7"}, sources(t))
	judged(t, f, OK, "1 of 2", "qk7 (since 2026-11-21 09:00)")
	if len(working) != 1 || working[0].ID != "vtcnews" {
		t.Errorf("%+v work", working)
	}
	_, f = Working(t.Context(), &fake{err: errors.New("broken")}, sources(t))
	judged(t, f, Fail, "broken")
}

func TestQuarantineAndDrift(t *testing.T) {
	t.Parallel()
	judged(t, Quarantine(t.Context(), &fake{}), OK)
	judged(t, Quarantine(t.Context(), &fake{pages: []store.Quarantined{{Source: "vtcnews"}, {Source: "qk7"}, {Source: "qk7"}}}), Warn, "3 pages of qk7, vtcnews")
	silent := &fake{}
	for range 12 {
		silent.reports = append(silent.reports, []byte(`{"listed":0}`))
	}
	silent.reports = append(silent.reports, []byte(`{"listed":20}`))
	judged(t, Drift(t.Context(), &fake{}, sources(t), now), OK)
	judged(t, Drift(t.Context(), silent, sources(t), now), Warn, "qk7: the last 12 runs found nothing listed")
	judged(t, Drift(t.Context(), &fake{reports: [][]byte{[]byte("{")}}, sources(t), now), Fail)
}

func TestFailed(t *testing.T) {
	t.Parallel()
	if Failed([]Finding{fine("a", ""), warn("b", "x", "")}) || !Failed([]Finding{fine("a", ""), fail("b", "x", "")}) {
		t.Error("a warning fails, or a failure does not")
	}
}
