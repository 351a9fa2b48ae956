package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"attache/config"
	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/seeds"
)

// monday is when the bad week begins.
var monday = time.Date(2026, 11, 9, 0, 0, 0, 0, time.FixedZone("", 7*3600))

// weekSources are one for a redesign, one for an outage, and one that has neither.
var weekSources = []string{"qk7", "vietnamplus-en", "vtcnews"}

// weekHour is what the daemon says at each full hour: what began and ended since.
type weekHour struct {
	At     time.Time   `json:"at"`
	Events []weekEvent `json:"events"`
}

// weekEvent is an alarm that fires, or does so no more.
type weekEvent struct {
	Alarm  string    `json:"alarm"`
	About  string    `json:"about"` // the source or host
	At     time.Time `json:"at"`
	Firing bool      `json:"firing"`
	Text   string    `json:"text"`
}

// trouble is a row of the table in docs/RELIABILITY.md.
type trouble struct {
	what, alarm  string
	within, over time.Duration
}

// troubles reads the table: what is promised there is what is held here.
func troubles(t *testing.T) []trouble {
	t.Helper()
	text, err := os.ReadFile("../../docs/RELIABILITY.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []trouble
	for _, m := range regexp.MustCompile(`(?m)^\| ([^|]+) \| \x60(Attache\w+)\x60 \| (\w+) \| (\w+) \|$`).FindAllStringSubmatch(string(text), -1) {
		within, err := time.ParseDuration(m[3])
		if err != nil {
			t.Fatal(err)
		}
		over, err := time.ParseDuration(m[4])
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, trouble{m[1], m[2], within, over})
	}
	return list
}

// week is a bad week: the publishers, S3, and the daemon, which is a process of its own
// and keeps to the week's time, an hour at each word.
type week struct {
	t      *testing.T
	room   *newsroom.Room
	s3     *toxiproxy.Proxy
	config config.Config
	file   string
	env    []string
	now    time.Time
	events []weekEvent

	process *exec.Cmd
	hours   *bufio.Scanner
	goes    func(word string) error
	said    *strings.Builder
}

func newWeek(t *testing.T) *week {
	t.Helper()
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "newsroom"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "newsroom", "edition"), []byte(monday.Format(time.RFC3339)), 0o600))
	server, err := serveS3(filepath.Join(dir, "s3"))
	must(t, err)
	t.Cleanup(func() { must(t, server.Close()) })
	must(t, os.MkdirAll(filepath.Join(dir, "s3", "objects", "drops"), 0o755)) // a folder is a bucket
	target, err := url.Parse(server.Endpoint)
	must(t, err)
	w := &week{
		t: t, now: monday, file: filepath.Join(dir, "config.yaml"),
		env: append(os.Environ(), "AWS_ACCESS_KEY_ID="+server.AccessKey, "AWS_SECRET_ACCESS_KEY="+server.SecretKey),
		s3:  toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "s3", "127.0.0.1:0", target.Host),
	}
	must(t, w.s3.Start())
	t.Cleanup(w.s3.Stop)
	w.room, w.config, err = openRoom(filepath.Join(dir, "newsroom"))
	must(t, err)
	t.Cleanup(func() { must(t, w.room.Close()) })
	c := &w.config
	c.Data, c.Log, c.HTTP.Listen = filepath.Join(dir, "data"), config.Log{Level: "error", Format: "json"}, ""
	c.Sources = config.Sources{Only: weekSources, Dir: filepath.Join(dir, "sources")}
	c.S3 = config.S3{Bucket: "drops", Region: "us-east-1", Endpoint: "http://" + w.s3.Listen, PathStyle: true, Checksum: "when_supported"}
	c.Crawl.Patience = 0 // a wait within a run is real, and the week stands still meanwhile
	c.Alarms.Mute = []string{
		"AttacheClockWrong",           // S3 has another clock than the week
		"AttacheFieldCoverageDropped", // stories the newsroom makes by the dozen have neither authors nor tags
	}
	must(t, os.MkdirAll(c.Sources.Dir, 0o755))
	for _, id := range weekSources { // as they are, but every two hours
		text, err := os.ReadFile("../../seeds/" + id + ".yaml")
		must(t, err)
		slow := regexp.MustCompile(`(?m)^schedule: .*$`).ReplaceAll(text, []byte(`schedule: "0 */2 * * *"`))
		if string(slow) == string(text) {
			t.Fatalf("%s has no schedule", id)
		}
		must(t, os.WriteFile(filepath.Join(c.Sources.Dir, id+".yaml"), slow, 0o600))
	}
	w.write(*c)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *week) write(c config.Config) {
	w.t.Helper()
	text, err := c.YAML()
	must(w.t, err)
	must(w.t, os.WriteFile(w.file, text, 0o600))
}

// start starts the daemon where the week stands.
func (w *week) start() {
	w.t.Helper()
	w.process = exec.CommandContext(w.t.Context(), "badweek", w.file, w.now.Format(time.RFC3339))
	w.process.Env = w.env
	w.said = new(strings.Builder)
	w.process.Stderr = w.said
	in, err := w.process.StdinPipe()
	must(w.t, err)
	out, err := w.process.StdoutPipe()
	must(w.t, err)
	must(w.t, w.process.Start())
	w.hours = bufio.NewScanner(out)
	w.hours.Buffer(nil, 1<<20)
	w.goes = func(word string) error { _, err := fmt.Fprintln(in, word); return err }
}

// hour lets the daemon work through an hour, after the publishers have had it.
func (w *week) hour(n int) {
	w.t.Helper()
	must(w.t, w.room.Publish("vtcnews", 1))
	if n%3 == 0 {
		must(w.t, w.room.Publish("qk7", 1))
		must(w.t, w.room.Publish("vietnamplus-en", 1))
	}
	must(w.t, w.room.Advance(time.Hour))
	w.word("go")
	w.listen()
}

func (w *week) word(word string) {
	w.t.Helper()
	if err := w.goes(word); err != nil {
		w.t.Fatalf("at %s: %v\n%s", w.now, err, w.said)
	}
}

// listen waits for the daemon's next full hour.
func (w *week) listen() {
	w.t.Helper()
	if !w.hours.Scan() {
		_ = w.process.Wait()
		w.t.Fatalf("at %s the daemon ended\n%s", w.now, w.said)
	}
	var h weekHour
	must(w.t, json.Unmarshal(w.hours.Bytes(), &h))
	w.now = h.At.In(monday.Location())
	w.events = append(w.events, h.Events...)
	for _, e := range h.Events {
		w.t.Logf("%s %-28s %-16s firing %-5t %s", e.At.In(monday.Location()).Format("Mon 15:04"), e.Alarm, e.About, e.Firing, e.Text)
	}
}

// kill ends the daemon in the midst of work, and starts it again.
func (w *week) kill() {
	w.t.Helper()
	asked := len(w.room.Requests())
	w.word("go")
	waitFor(w.t, func() bool { return len(w.room.Requests()) > asked+3 })
	must(w.t, w.process.Process.Kill())
	_ = w.process.Wait()
	w.start()
	w.listen()
}

func (w *week) play(text string) {
	w.t.Helper()
	s, err := newsroom.ReadScenario("week", []byte(text))
	must(w.t, err)
	must(w.t, w.room.Play(s))
}

// TestABadWeek lets everything happen that an operator fears, and holds the daemon to
// what docs/RELIABILITY.md promises: each alarm in time, its end in time, none without
// a reason, nothing lost, and no hand laid on it.
func TestABadWeek(t *testing.T) {
	t.Parallel()
	w := newWeek(t)
	w.start()
	w.listen()
	const calm = "[]"
	troubled := map[string][2]time.Time{} // since when and until when
	begin := func(what string) { troubled[what] = [2]time.Time{w.now, {}} }
	end := func(what string) { troubled[what] = [2]time.Time{troubled[what][0], w.now} }
	limits := func(change func(*config.Config)) {
		c := w.config
		change(&c)
		w.write(c)
		w.word("reload")
	}
	day := func(n, hour int) int { return 24*n + hour }
	deeds := map[int]func(){
		day(1, 10): func() { begin("a publisher is down"); w.play("- {host: '*quankhu7*', status: 503}") },
		day(2, 10): func() { end("a publisher is down"); w.play(calm) },
		day(2, 21): func() { begin("S3 is away over night"); w.s3.Stop() },
		day(3, 4):  func() { end("S3 is away over night"); must(t, w.s3.Start()) },
		day(3, 10): func() {
			begin("a wrong configuration is reloaded")
			must(t, os.WriteFile(w.file, []byte("crawl: {contact: nobody}\n"), 0o600))
			w.word("reload")
		},
		day(3, 12): func() { end("a wrong configuration is reloaded"); limits(func(*config.Config) {}) },
		day(3, 14): func() {
			begin("the disk is getting full")
			limits(func(c *config.Config) { c.Disk.Warn = 1 << 60 })
		},
		day(3, 16): func() {
			begin("the disk is full")
			limits(func(c *config.Config) { c.Disk.Warn, c.Disk.Stop = 1<<60, 1<<59 })
		},
		day(3, 19): func() {
			end("the disk is getting full")
			end("the disk is full")
			limits(func(*config.Config) {})
		},
		day(4, 2): w.kill,
		day(4, 8): func() {
			begin("a publisher redesigns its pages")
			w.play("- {host: vtcnews.vn, path: '*-ar1*', layout: classes}")
		},
		day(5, 8): func() { end("a publisher redesigns its pages"); w.play(calm) },
	}
	for n := range 7 * 24 {
		if deed := deeds[n]; deed != nil {
			deed()
		}
		w.hour(n)
	}
	w.word("stop")
	if err := w.process.Wait(); err != nil {
		t.Errorf("the daemon ended with %v\n%s", err, w.said)
	}

	promised := troubles(t)
	if len(promised) < 6 {
		t.Fatalf("docs/RELIABILITY.md promises %d alarms", len(promised))
	}
	known := map[string]bool{}
	for _, p := range promised {
		known[p.alarm] = true
		span, ok := troubled[p.what]
		if !ok {
			t.Errorf("nothing like %q happens", p.what)
			continue
		}
		fired := slices.IndexFunc(w.events, func(e weekEvent) bool { return e.Alarm == p.alarm && e.Firing && !e.At.Before(span[0]) })
		if fired < 0 || w.events[fired].At.After(span[0].Add(p.within)) {
			t.Errorf("%s: %s is not raised within %s", p.what, p.alarm, p.within)
			continue
		}
		e := w.events[fired]
		over := slices.IndexFunc(w.events, func(o weekEvent) bool {
			return o.Alarm == p.alarm && o.About == e.About && !o.Firing && o.At.After(e.At)
		})
		if over < 0 || w.events[over].At.After(span[1].Add(p.over)) {
			t.Errorf("%s: %s is not over within %s after it", p.what, p.alarm, p.over)
		}
	}
	for _, e := range w.events {
		if e.Firing && !known[e.Alarm] {
			t.Errorf("%s was raised at %s, and nobody promised it: %s", e.Alarm, e.At, e.Text)
		}
	}
	w.complete()
}

// complete compares what was published with what landed and was sealed.
func (w *week) complete() {
	w.t.Helper()
	sources, err := seeds.Load("")
	must(w.t, err)
	want := map[string]bool{}
	for _, id := range weekSources {
		i := slices.IndexFunc(sources, func(s *seeds.Source) bool { return s.ID == id })
		for _, s := range w.room.Stories(id) {
			if s.Defence && s.Answers == 0 && s.Published.Before(w.now.Add(-6*time.Hour)) && monday.Sub(s.Published) < time.Duration(sources[i].Since) {
				want[article.ID(id, s.NativeID)] = true
			}
		}
	}
	c := w.command("runs", "--json", "--most", "1")
	if out, err := c.Output(); err != nil || !strings.Contains(string(out), `"run":`) {
		w.t.Errorf("runs: %v %s", err, out)
	}
	if out, err := w.command("drop", "seal", "--now").CombinedOutput(); err != nil {
		w.t.Errorf("seal: %v %s", err, out)
	}
	out, err := w.command("drop", "verify", "--all", "--json").CombinedOutput()
	if err != nil {
		w.t.Errorf("verify: %v\n%s", err, out)
	}
	rows := map[string]int{}
	for _, r := range sealedRows(w.t, filepath.Join(filepath.Dir(w.file), "s3", "objects", "drops")) {
		if r.Revision == 1 {
			rows[r.ArticleID]++
		}
	}
	for id := range want {
		if rows[id] != 1 {
			w.t.Errorf("%s landed %d times", id, rows[id])
		}
	}
	if len(want) < 100 {
		w.t.Errorf("only %d articles were published: %q", len(want), slices.Sorted(maps.Keys(want)))
	}
	if out, err := w.command("ledger", "--from", monday.Format(time.DateOnly), "--to", w.now.Format(time.DateOnly)).CombinedOutput(); err != nil {
		w.t.Errorf("ledger: %v\n%s", err, out)
	}
}

// sealedRows are the rows of all drops in a folder of objects.
func sealedRows(t *testing.T, objects string) (rows []article.Record) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(objects, "v1/jsonl/*/*/*"))
	must(t, err)
	for _, name := range files {
		f, err := os.Open(name)
		must(t, err)
		defer f.Close()
		unzipped, err := gzip.NewReader(f)
		must(t, err)
		for d := json.NewDecoder(unzipped); d.More(); {
			var r article.Record
			must(t, d.Decode(&r))
			rows = append(rows, r)
		}
	}
	return rows
}

func (w *week) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(w.t.Context(), "attache", append(args, "--config", w.file)...)
	c.Env = w.env
	return c
}
