package daemon

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"attache/internal/schedule"
)

// TestReload: a run goes on with what it began with; what is refused changes nothing,
// and is shown.
func TestReload(t *testing.T) {
	t.Parallel()
	going, end := make(chan struct{}), make(chan struct{})
	r := assembled(t, func(ctx context.Context) error {
		close(going)
		<-end
		return ctx.Err()
	})
	retired := 0
	r.Generation().Retire = func() { retired++ }
	stop := r.runs()
	<-going

	r.load(func() (*Generation, error) { return nil, errTest })
	if err := r.Reload(t.Context(), "request"); !errors.Is(err, errTest) {
		t.Errorf("it was not refused: %v", err)
	}
	if s := r.Reloaded(); s.OK || s.Error != errTest.Error() || s.Generation != 1 || retired != 0 || s.Why != "request" {
		t.Errorf("%+v", s)
	}
	data := r.Generation().Config.Data
	fresh := make(chan struct{}, 9)
	second := generation(t, data, func(context.Context) error { fresh <- struct{}{}; return nil })
	second.Config.Crawl.Sources = 1
	r.load(func() (*Generation, error) { return second, nil })
	if err := r.Reload(t.Context(), "request"); err != nil {
		t.Fatal(err)
	}
	if s := r.Reloaded(); !s.OK || s.Error != "" || s.Generation != 2 || retired != 1 || r.Generation() != second {
		t.Errorf("%+v, %d retired", s, retired)
	}
	if err := r.scheduler.Now("qk7"); !errors.Is(err, schedule.ErrRunning) {
		t.Errorf("the old run is forgotten: %v", err)
	}
	close(end)
	eventually(t, "the end of the old run", func() bool { return len(r.runningNow()) == 0 })
	if r.States()[0].Error != "" {
		t.Errorf("the old run was cut: %+v", r.States())
	}
	if err := r.scheduler.Now("qk7"); err != nil {
		t.Fatal(err)
	}
	<-fresh
	if err := stop(); err != nil || r.landed != 1 {
		t.Errorf("%v, landed %d times", err, r.landed)
	}
	if err := r.Reload(t.Context(), "request"); !errors.Is(err, ErrStopping) {
		t.Errorf("a daemon that has ended reloads: %v", err)
	}
}

func TestWhatNeedsAStart(t *testing.T) {
	t.Parallel()
	r := assembled(t, nothing)
	stop := r.runs()
	defer func() { _ = stop() }()
	for key, change := range map[string]func(g *Generation){
		"data":            func(g *Generation) { g.Config.Data = "elsewhere" },
		"zone":            func(g *Generation) { g.Config.Zone = "UTC" },
		"s3":              func(g *Generation) { g.Config.S3.Bucket = "news" },
		"http.listen":     func(g *Generation) { g.Config.HTTP.Listen = "127.0.0.1:1" },
		"log":             func(g *Generation) { g.Config.Log.Level = "debug" },
		"capture.segment": func(g *Generation) { g.Config.Capture.Segment++ },
	} {
		retired := false
		g := generation(t, r.Generation().Config.Data, nothing)
		g.Retire = func() { retired = true }
		change(g)
		r.load(func() (*Generation, error) { return g, nil })
		if err := r.Reload(t.Context(), "request"); err == nil || err.Error() != "restart attache to change "+key || !retired || r.Generation() == g {
			t.Errorf("%s: %v, let go: %v", key, err, retired)
		}
	}
	// What the new configuration names for HTTP is part of the whole.
	g := generation(t, r.Generation().Config.Data, nothing)
	g.Config.HTTP.TokenFile = "nowhere"
	g.Tasks = nil
	r.force.Load().Config.HTTP.Listen, g.Config.HTTP.Listen = "127.0.0.1:1", "127.0.0.1:1"
	r.load(func() (*Generation, error) { return g, nil })
	if err := r.Reload(t.Context(), "request"); err == nil || !strings.Contains(err.Error(), "token_file") || len(r.States()) != 1 {
		t.Errorf("half a reload: %v", err)
	}
}

// TestChangedFiles: a file that changes has all read anew, once, and one that is
// refused is not tried again until it changes again. SIGHUP does the same.
func TestChangedFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.yaml")
	write := func(text string) {
		if err := errors.Join(os.WriteFile(file+".new", []byte(text), 0o600), os.Rename(file+".new", file)); err != nil {
			t.Error(err)
		}
	}
	write("one")
	hangup := make(chan os.Signal, 1)
	var loads atomic.Int32
	r := assembled(t, nothing, func(o *Options) {
		o.First.Watch, o.Poll, o.Hangup = []string{file}, 5*time.Millisecond, hangup
	})
	data := r.Generation().Config.Data
	r.load(func() (*Generation, error) {
		loads.Add(1)
		text, err := os.ReadFile(file)
		if string(text) == "broken" {
			err = errTest
		}
		g := generation(t, data, nothing)
		g.Watch = []string{file}
		return g, err
	})
	stop := r.runs()
	came := func(n int32, ok bool, why string) {
		t.Helper()
		eventually(t, "reload "+why, func() bool {
			s := r.Reloaded()
			return loads.Load() >= n && s.OK == ok && s.Why == why
		})
		quiet := time.Now().Add(100 * time.Millisecond) // some twenty looks
		eventually(t, "quiet", func() bool { return time.Now().After(quiet) })
		if s := r.Reloaded(); loads.Load() != n || s.Why != why || s.OK != ok {
			t.Errorf("%d loads, want %d: %+v", loads.Load(), n, s)
		}
	}
	write("two")
	came(1, true, "changed files")
	write("broken")
	came(2, false, "changed files")
	write("three")
	came(3, true, "changed files")
	hangup <- syscall.SIGHUP
	came(4, true, "SIGHUP")
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestAMistakeIsMendedWhereItIs: a refused configuration may name files that the one in
// force does not; when these change, it is read again.
func TestAMistakeIsMendedWhereItIs(t *testing.T) {
	t.Parallel()
	lexicon := filepath.Join(t.TempDir(), "lexicon.yaml")
	r := assembled(t, nothing, func(o *Options) { o.Poll = 5 * time.Millisecond })
	data := r.Generation().Config.Data
	r.load(func() (*Generation, error) {
		g := generation(t, data, nothing)
		if _, err := os.Stat(lexicon); err != nil {
			return &Generation{Watch: []string{lexicon}}, err
		}
		g.Watch = []string{lexicon}
		return g, nil
	})
	stop := r.runs()
	if err := r.Reload(t.Context(), "request"); err == nil {
		t.Fatal("it was not refused")
	}
	if err := os.WriteFile(lexicon, []byte("mended"), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a reload of what was mended", func() bool { return r.Reloaded().OK && r.Reloaded().Why == "changed files" })
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "own[1]")
	at := func(name string) string { return filepath.Join(dir, name) }
	watch := []string{dir, at("../config.yaml")}
	seen := map[digest]string{}
	step := func(what string, same bool, err error) {
		t.Helper()
		d := digestOf(watch)
		if before, ok := seen[d]; err != nil || ok != same {
			t.Errorf("%s: as %q, %v", what, before, err)
		}
		seen[d] = what
	}
	step("nothing", false, nil)
	step("an empty folder", false, os.Mkdir(dir, 0o755))
	step("a source", false, os.WriteFile(at("a.yaml"), []byte("a"), 0o600))
	step("its text", false, os.WriteFile(at("a.yaml"), []byte("b"), 0o600))
	step("an editor's file", true, os.WriteFile(at("a.yaml~"), []byte("c"), 0o600))
	step("its times", true, os.Chtimes(at("a.yaml"), time.Unix(1, 0), time.Unix(1, 0)))
	step("another name", false, os.Rename(at("a.yaml"), at("b.yaml")))
	step("and back", true, os.Rename(at("b.yaml"), at("a.yaml"))) // as it was then
	step("the same text by rename", true, errors.Join(os.WriteFile(at("new"), []byte("b"), 0o600), os.Rename(at("new"), at("a.yaml"))))
	step("a link", false, os.Symlink(at("a.yaml"), at("../config.yaml")))
	step("a name that misleads", false, os.WriteFile(at("c.yml"), nil, 0o600))
}

// TestTheEnd: the work is told and waited for, then landed; work that is deaf is left.
func TestTheEnd(t *testing.T) {
	t.Parallel()
	going := make(chan struct{})
	landedFirst := false
	var r *rig
	r = assembled(t, func(ctx context.Context) error {
		close(going)
		<-ctx.Done()
		landedFirst = r.landed > 0
		return ctx.Err()
	})
	stop := r.runs()
	<-going
	if err := stop(); err != nil || r.landed != 1 || landedFirst {
		t.Errorf("%v, landed %d times, too early: %v", err, r.landed, landedFirst)
	}
	if _, err := NewClient(r.Generation().Config.Socket()).Do(t.Context(), http.MethodGet, "/healthz"); !errors.Is(err, ErrNotRunning) {
		t.Errorf("somebody answers: %v", err)
	}
	if ready := r.Ready(t.Context()); ready.Ready || ready.Checks[0].Error == "" {
		t.Errorf("%+v", ready)
	}

	deaf, heard := make(chan struct{}), make(chan struct{})
	defer close(deaf)
	r = assembled(t, func(context.Context) error { close(heard); <-deaf; return nil }, func(o *Options) { o.Grace = 20 * time.Millisecond })
	stop = r.runs()
	<-heard
	if err := stop(); !errors.Is(err, errStuck) || !strings.Contains(err.Error(), "qk7") {
		t.Errorf("it waited for a deaf run: %v", err)
	}
}
