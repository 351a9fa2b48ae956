package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/schedule"
	"attache/internal/store"
	"attache/sinks"
)

func TestAPI(t *testing.T) {
	t.Parallel()
	r := assembled(t, nothing)
	ctx := t.Context()
	for n := range 3 {
		id := fmt.Sprintf("R%d", n)
		if err := errors.Join(r.store.BeginRun(ctx, id, "qk7", "news"), r.store.Said(ctx, id, 0, []string{`{"n":0}`, `{"n":1}`, `{"n":2}`}),
			r.store.EndRun(ctx, id, []byte(`{"source":"qk7","opened":7}`), true)); err != nil {
			t.Fatal(err)
		}
	}
	listed := []store.Listed{{ArticleID: "qk7:1", URL: "https://example.org/1"}, {ArticleID: "qk7:2", URL: "https://example.org/2"}}
	if _, err := r.store.OpenNew(ctx, "qk7", listed, nil); err != nil {
		t.Fatal(err)
	}
	today := time.Now().In(r.Generation().Config.Location()).Format(time.DateOnly)
	for path, words := range map[string][]string{
		"/api/v1/status":                           {`"version":"test"`, `"sources":1`, `"why":"start"`, `"generation":1`},
		"/api/v1/sources":                          {`"id":"qk7"`, `"last_report":{"source":"qk7"`, `"opened":7`, `"when":{"id":"qk7"`},
		"/api/v1/schedule?n=2":                     {`"id":"qk7"`, `"timezone":"Asia/Ho_Chi_Minh"`, `"due":null`, `"paused":null`, `"next":["20`},
		"/api/v1/runs":                             {`"run":"R2"`, `"run":"R0"`, `"report":{"source":"qk7"`},
		"/api/v1/runs?source=other":                {`[]`},
		"/api/v1/runs/R1/log":                      {"{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n"},
		"/api/v1/ledger":                           {`"source":"qk7"`, `"opened":{"new":2}`, `"carried_out":2`, today},
		"/api/v1/ledger?day=2026-01-01":            {`{"entries":[],"gaps":[],"problems":[]}`},
		"/api/v1/drops":                            {`[]`},
		"/api/v1/quarantine?source=qk7":            {`[]`},
		"/api/v1/ledger?source=other&day=" + today: {`{"entries":[],"gaps":[],"problems":[]}`},
	} {
		says(t, path, ask(r.mux(), "GET", path), http.StatusOK, words...)
	}
	for path, status := range map[string]int{
		"/": 404, "/api/v1/nothing": 404, "/metrics": 404,
		"/api/v1/runs?limit=0": 400, "/api/v1/runs?limit=501": 400, "/api/v1/runs?limit=x": 400, "/api/v1/runs?before=nothing": 404,
		"/api/v1/runs/R9/log": 404, "/api/v1/runs/R1/log?from=-1": 400, "/api/v1/schedule?n=101": 400,
		"/api/v1/ledger?day=today": 400, "/api/v1/ledger?from=2026-01-01&to=2026-12-31": 400, "/api/v1/ledger?to=2026-01-01": 400, "/api/v1/ledger?day=2026-01-01&from=2026-01-01": 400,
		"/api/v1/drops?limit=101": 400, "/api/v1/quarantine?from=-1": 400,
	} {
		says(t, path, ask(r.mux(), "GET", path), status)
	}
	r.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "attache_up 1") })
	says(t, "metrics", ask(r.mux(), "GET", "/metrics"), http.StatusOK, "attache_up 1")
}

// TestPages follows the links to the end: nothing is lost, nothing comes twice.
func TestPages(t *testing.T) {
	t.Parallel()
	r := assembled(t, nothing)
	ctx := t.Context()
	if err := r.store.Advance(ctx, "2026-11-21"); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for n := range 5 {
		if err := r.store.BeginRun(ctx, fmt.Sprintf("R%d", n), "qk7", "news"); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf(`{"n":%d}`, n))
	}
	if err := r.store.Said(ctx, "R0", 0, lines); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/api/v1/runs?limit=2":        "R4 R3 R2 R1 R0",
		"/api/v1/runs/R0/log?limit=2": `{"n":0} {"n":1} {"n":2} {"n":3} {"n":4}`,
	} {
		var got []string
		for path != "" {
			w := ask(r.mux(), "GET", path)
			says(t, path, w, http.StatusOK)
			if strings.HasPrefix(w.Body.String(), "[") {
				var runs []struct{ Run string }
				if err := json.Unmarshal(w.Body.Bytes(), &runs); err != nil {
					t.Fatal(err)
				}
				for _, run := range runs {
					got = append(got, run.Run)
				}
			} else {
				got = append(got, strings.Fields(w.Body.String())...)
			}
			path, _, _ = strings.Cut(strings.TrimPrefix(w.Header().Get("Link"), "<"), ">")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bucket nowhere
		closed bool
		bad    string // the check that fails
	}{
		"well":                {},
		"S3 is down":          {bucket: nowhere{err: errTest}, bad: "s3"},
		"the clock is behind": {bucket: nowhere{ahead: time.Hour}, bad: "clock"},
		"the clock is ahead":  {bucket: nowhere{ahead: -time.Hour}, bad: "clock"},
		"a second apart":      {bucket: nowhere{ahead: time.Second}},
		"the store is gone":   {closed: true, bad: "store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := assembled(t, nothing, func(o *Options) { o.Bucket = &c.bucket })
			if c.closed {
				if err := r.store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			w := ask(r.mux(), "GET", "/readyz")
			var got Ready
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Ready != (c.bad == "") || (w.Code == http.StatusOK) != got.Ready || len(got.Checks) != 3 {
				t.Errorf("%d %+v", w.Code, got)
			}
			for _, check := range got.Checks {
				if bad := check.Name == c.bad || c.closed && check.Name == "clock"; check.OK == bad || (check.Error == "") == bad {
					t.Errorf("%+v", check)
				}
			}
			if r.Alive(t.Context()) == nil {
				t.Error("it lives before it has begun")
			}
		})
	}
}

// TestAClockPutBack is known by the runs, also without S3's word.
func TestAClockPutBack(t *testing.T) {
	t.Parallel()
	r := assembled(t, nothing, func(o *Options) { o.Clock = earlier{} })
	if err := r.store.BeginRun(t.Context(), "R1", "qk7", "news"); err != nil {
		t.Fatal(err)
	}
	says(t, "readiness", ask(r.mux(), "GET", "/readyz"), http.StatusServiceUnavailable, "still to come")
}

// earlier is a clock that was put back by an hour.
type earlier struct{ schedule.Wall }

func (earlier) Now() time.Time { return schedule.Wall{}.Now().Add(-time.Hour) }

// folder is a bucket that can be read.
type folder struct{ *sinks.Dir }

func (folder) Ahead(context.Context) (time.Duration, bool, error) { return 0, false, nil }

// TestADamagedDropHidesNoOther: what is left out of a page does not end the paging.
func TestADamagedDropHidesNoOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, day := range []string{"2026-11-18", "2026-11-19", "2026-11-20"} {
		at := filepath.Join(dir, "v1", "_manifests", "drop_date="+day)
		if err := errors.Join(os.MkdirAll(at, 0o700), os.WriteFile(filepath.Join(at, "r0.json"), []byte("torn"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := sinks.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	r := assembled(t, nothing, func(o *Options) { o.Bucket = folder{d} })
	w := ask(r.mux(), "GET", "/api/v1/drops?limit=2")
	says(t, "the newest", w, http.StatusOK, "[]")
	if got, want := w.Header().Get("Link"), `</api/v1/drops?before=2026-11-19&limit=2>; rel="next"`; got != want {
		t.Errorf("more: %s, want %s", got, want)
	}
	if got := ask(r.mux(), "GET", "/api/v1/drops?limit=2&before=2026-11-19").Header().Get("Link"); got != "" {
		t.Errorf("more than there are: %s", got)
	}
}
