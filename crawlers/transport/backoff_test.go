package transport

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Sat, 21 Nov 2026 10:00:00 GMT"
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", date, 0},
		{"0", date, 0},
		{"120", date, 2 * time.Minute},
		{" 120 ", "", 2 * time.Minute},
		{"86400", date, 24 * time.Hour},
		{"31536000", date, 24 * time.Hour},
		{"99999999999999999999999999", date, 24 * time.Hour},
		{"-5", date, 0},
		{"2.5", date, 0},
		{"1e9", date, 0},
		{"soon", date, 0},
		{"Sat, 21 Nov 2026 10:05:00 GMT", date, 5 * time.Minute},
		{"Saturday, 21-Nov-26 10:05:00 GMT", date, 5 * time.Minute}, // the obsolete forms
		{"Sat Nov 21 10:05:00 2026", date, 5 * time.Minute},
		{"Sat, 21 Nov 2026 09:55:00 GMT", date, 0},
		{"Sun, 21 Nov 2077 10:00:00 GMT", date, 24 * time.Hour},
		{"Sat, 21 Nov 2026 17:05:00 +0700", date, 0},
		{"Sun, 21 Nov 2077 10:00:00 GMT", "nonsense", 24 * time.Hour}, // by our own clock
		{"Sat, 21 Nov 1987 10:00:00 GMT", "", 0},
	} {
		got := retryAfter(&http.Response{Header: http.Header{"Retry-After": {c.value}, "Date": {c.date}}})
		if got != c.want {
			t.Errorf("%q at %q: %s, not %s", c.value, c.date, got, c.want)
		}
	}
}

// TestBackOffDoubles from a minute to a day, and is forgiven.
func TestBackOffDoubles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		status := http.StatusTooManyRequests
		r := plug(t, open(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		defer r.unplug()
		trouble := func(least time.Duration) {
			t.Helper()
			_, _, err := r.get(t.Context(), home)
			q, ok := errors.AsType[*Quiet](err)
			if !ok {
				t.Fatal(err)
			}
			if wait := time.Until(q.Until); wait < least || wait > least+least/10 {
				t.Errorf("left in peace for %s, not %s", wait, least)
			}
			pass(time.Until(q.Until) - time.Millisecond)
			if _, _, err := r.get(t.Context(), home); !is[*Quiet](err) {
				t.Errorf("too early: %v", err)
			}
			pass(time.Millisecond)
		}
		for step := time.Minute; step < 24*time.Hour; step *= 2 {
			trouble(step)
		}
		trouble(24 * time.Hour)
		trouble(24 * time.Hour)
		asked := len(r.paths())
		if asked != 13 {
			t.Errorf("asked %d times", asked)
		}
		status = 200
		if _, _, err := r.get(t.Context(), home); err != nil {
			t.Error(err)
		}
		pass(forgiven - time.Minute)
		status = 429
		trouble(24 * time.Hour) // not yet forgiven
		pass(forgiven)
		trouble(time.Minute)
	})
}

// TestCircuit opens when a host fails time after time, and one request tries it again.
func TestCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		status := 501
		r := plug(t, open(func(w http.ResponseWriter, _ *http.Request) {
			pass(time.Second)
			w.WriteHeader(status)
		}))
		defer r.unplug()
		ask := func(n int) (quiet int) {
			for range n {
				if _, _, err := r.as(t.Context(), Policy{Pace: pace(0)}, home); is[*Quiet](err) {
					quiet++
				}
			}
			return quiet
		}
		if quiet := ask(20); quiet != 16 || len(r.paths()) != mostFailures {
			t.Errorf("%d were held back, %d sent", quiet, len(r.paths()))
		}
		for _, later := range []time.Duration{2 * time.Minute, 3 * time.Minute} { // the probe fails, and the wait is twice as long
			pass(later)
			before := len(r.paths())
			if quiet := ask(20); quiet != 20 || len(r.paths()) != before+1 {
				t.Errorf("%d were held back, %d sent", quiet, len(r.paths())-before)
			}
		}
		pass(5 * time.Minute)
		status = 200
		if quiet := ask(20); quiet != 0 {
			t.Errorf("%d were held back from a sound host", quiet)
		}
		status = 501
		if quiet := ask(4); quiet != 0 {
			t.Error("four failures opened the circuit of a sound host")
		}
	})
}

// TestProbesGoAlone: after trouble, parallel requests wait for the first.
func TestProbesGoAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(answers([]int{429, 429, 200}, "Retry-After", "60")))
		defer r.unplug()
		if _, _, err := r.get(t.Context(), home); !is[*Quiet](err) {
			t.Fatal(err)
		}
		pass(time.Minute)
		errs := make(chan error)
		p := Policy{}
		p.Pace.Parallel = 4
		for range 4 {
			go func() {
				_, _, err := r.as(t.Context(), p, home)
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; !is[*Quiet](err) {
				t.Error(err)
			}
		}
		if n := len(r.paths()); n != 2 {
			t.Errorf("%d were sent", n)
		}
	})
}

// TestBackOffIsTheHosts: of every source, of http and https, of robots.txt, in
// any spelling; and nobody else's. Who waits for a turn is told at once.
func TestBackOffIsTheHosts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(func(w http.ResponseWriter, r *http.Request) {
			pass(time.Second)
			if r.URL.Path == "/busy" {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}))
		defer r.unplug()
		if _, _, err := r.get(t.Context(), home); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		waiting := make(chan error)
		go func() {
			pass(time.Second / 2)
			_, _, err := r.as(t.Context(), Policy{Source: "other", Pace: pace(time.Hour)}, home)
			waiting <- err
		}()
		if _, _, err := r.get(t.Context(), home+"busy"); !is[*Quiet](err) {
			t.Fatal(err)
		}
		if err := <-waiting; !is[*Quiet](err) || time.Since(begin) > 2*time.Second {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
		before := len(r.Seen())
		for _, address := range []string{
			home, "https://news.example.com/", "http://news.example.com:8080/", "http://News.Example.com./", "http://news.example.com/robots.txt",
		} {
			if _, _, err := r.as(t.Context(), Policy{Source: "other"}, address); !is[*Quiet](err) {
				t.Errorf("%s: %v", address, err)
			}
		}
		if n := len(r.Seen()); n != before {
			t.Errorf("%d requests left", n-before)
		}
		if _, _, err := r.get(t.Context(), "http://www.example.com/"); err != nil {
			t.Error(err)
		}
	})
}

// TestRedirectsAskForTimeToo: Retry-After is theirs as well (RFC 9110, 10.2.3).
func TestRedirectsAskForTimeToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := plug(t, open(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				w.Header().Set("Retry-After", "40")
				http.Redirect(w, r, "/there", http.StatusFound)
			}
		}), patience(time.Minute))
		defer r.unplug()
		begin := time.Now()
		if _, _, err := r.get(t.Context(), home); err != nil || time.Since(begin) != 40*time.Second {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
	})
}

// TestBackOffSurvivesARestart, and is asked for once.
func TestBackOffSurvivesARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &memory{}
		kept := func(o *Options) { o.Hosts = store }
		first := plug(t, open(answers([]int{429})), kept)
		_, _, err := first.get(t.Context(), home)
		first.unplug()
		q, ok := errors.AsType[*Quiet](err)
		held := store.of["news.example.com"]
		if !ok || !held.Until.Equal(q.Until) || held.Step != time.Minute || !strings.Contains(held.Reason, "429") || store.tells != 1 {
			t.Fatalf("%v; %+v, told %d times", err, held, store.tells)
		}
		second := plug(t, answers([]int{502}), kept)
		defer second.unplug()
		if _, _, err := second.get(t.Context(), home); !is[*Quiet](err) || len(second.Seen()) > 0 {
			t.Errorf("%v, and the host saw %v", err, second.Seen())
		}
		pass(2 * time.Minute)
		if _, _, err := second.get(t.Context(), home); !is[*Quiet](err) || len(second.Seen()) != 1 {
			t.Errorf("%v, and the host saw %v", err, second.Seen())
		}
		if step := store.of["news.example.com"].Step; step != 2*time.Minute {
			t.Errorf("the probe after a restart failed, and the step is %s", step)
		}
	})
}

// TestStoreErrorsAreSaid: nothing leaves while it is not known whether it may.
func TestStoreErrorsAreSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("the disk is full")
		store := &memory{err: full}
		status := 429
		r := plug(t, open(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }), func(o *Options) { o.Hosts = store })
		defer r.unplug()
		if _, _, err := r.get(t.Context(), home); !errors.Is(err, full) || len(r.Seen()) > 0 {
			t.Errorf("%v; the host saw %v", err, r.Seen())
		}
		store.err = nil
		if _, err := r.robots.rules(t.Context(), mustParse(t, home)); err != nil {
			t.Fatal(err)
		}
		store.err = full
		if _, _, err := r.get(t.Context(), home); !errors.Is(err, full) {
			t.Error(err)
		}
		store.err, status = nil, 200
		if _, _, err := r.get(t.Context(), home); !is[*Quiet](err) {
			t.Errorf("what could not be kept was forgotten: %v", err)
		}
	})
}

// TestWrongClocks: a back-off from far in the future ends within about a day.
func TestWrongClocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &memory{of: map[string]Backoff{"news.example.com": {Until: time.Now().AddDate(70, 0, 0), Step: time.Minute}}}
		r := plug(t, open(answers([]int{200})), func(o *Options) { o.Hosts = store })
		defer r.unplug()
		if _, _, err := r.get(t.Context(), home); !is[*Quiet](err) {
			t.Error(err)
		}
		if until := store.of["news.example.com"].Until; time.Until(until) > 27*time.Hour {
			t.Errorf("a restart would meet %s", until)
		}
		pass(27 * time.Hour)
		if _, _, err := r.get(t.Context(), home); err != nil {
			t.Error(err)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120", "Sat, 21 Nov 2026 10:00:00 GMT")
	f.Add("Sun, 21 Nov 2077 10:00:00 GMT", "")
	f.Add("99999999999999999999", "Mon, 01 Jan 0001 00:00:00 GMT")
	f.Fuzz(func(t *testing.T, value, date string) {
		got := retryAfter(&http.Response{Header: http.Header{"Retry-After": {value}, "Date": {date}}})
		if got < 0 || got > 24*time.Hour {
			t.Error(got)
		}
	})
}
