package newsroom

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// hand is a clock that stands until it is moved.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func read(t *testing.T, text string) *Scenario {
	t.Helper()
	s, err := ReadScenario("s.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// statuses asks n times and joins what it was answered.
func statuses(t *testing.T, c *http.Client, url string, n int) string {
	t.Helper()
	var all []string
	for range n {
		all = append(all, get(t, c, url).Status[:3])
	}
	return strings.Join(all, " ")
}

func TestRulesChooseRequests(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	c := visitor(t, r)
	for _, s := range []struct{ rules, url, want string }{
		{"- {host: vtcnews.vn, status: 503}", vtcFeed, "503 503 503 503 503 503"},
		{"- {status: 503}", vtcFeed, "503 503 503 503 503 503"},
		{"- {host: vietnamnews.vn, status: 503}", vtcFeed, "200 200 200 200 200 200"},
		{"- {host: '*.vn', path: '/rss/*', to: 3, status: 503}", vtcFeed, "503 503 503 200 200 200"},
		{"- {path: /rss, status: 503}", vtcFeed, "200 200 200 200 200 200"},
		{"- {path: '^/rss', status: 503}", vtcFeed, "503 503 503 503 503 503"},
		{"- {path: /robots.txt, from: 3, status: 404}", "https://vtcnews.vn/robots.txt", "200 200 404 404 404 404"},
		{"- {every: 2, status: 503}", vtcFeed, "200 503 200 503 200 503"},
		{"- {from: 2, to: 5, every: 3, status: 503}", vtcFeed, "200 200 200 503 200 200"},
		{"- {status: 503}\n- {every: 3, status: 429}", vtcFeed, "503 503 429 503 503 429"},
		{"# nothing", vtcFeed, "200 200 200 200 200 200"},
	} {
		if err := r.Play(read(t, s.rules)); err != nil {
			t.Fatal(err)
		}
		if got := statuses(t, c, s.url, 6); got != s.want {
			t.Errorf("%s:\n got %s\nwant %s", s.rules, got, s.want)
		}
	}
	if err := r.Play(nil); err != nil || statuses(t, c, vtcFeed, 1) != "200" {
		t.Errorf("after the play: %v", err)
	}
}

func TestRulesFollowTheClock(t *testing.T) {
	t.Parallel()
	clock := &hand{at: now}
	r, err := Open(Options{Now: now, Clock: clock.now, Scenario: read(t, "- {after: 10s, until: 30s, status: 503}")})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := visitor(t, r)
	got := statuses(t, c, vtcFeed, 1)
	for range 3 {
		clock.move(10 * time.Second)
		got += " " + statuses(t, c, vtcFeed, 1)
	}
	if got != "200 503 503 200" {
		t.Errorf("got %s", got)
	}
	if q := r.Requests()[3]; !q.Time.Equal(now.Add(30 * time.Second)) {
		t.Errorf("recorded at %v", q.Time)
	}
}

// TestDeeds has news happen by clock, by request and at once, and by a request's own wish.
func TestDeeds(t *testing.T) {
	t.Parallel()
	clock := &hand{at: now}
	r, err := Open(Options{Now: now, Clock: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := visitor(t, r)
	before := r.Stories("vtcnews")
	if err := r.Play(read(t, `
- {after: 1m, advance: 2h}
- {host: vtcnews.vn, path: "*-ar1051862.html", after: 2m, correct: Khammouane => Savannakhet}
- {host: vtcnews.vn, path: "*-ar1051811.html", from: 3, withdraw: 410}
- {publish: vietnamnews 2}
- {path: /rss/thoi-su.rss, from: 4, publish: vtcnews 1}
`)); err != nil {
		t.Fatal(err)
	}
	items := func() int { return strings.Count(get(t, c, vtcFeed).body, "<item>") }
	if n := len(r.Stories("vietnamnews")); n != 9 {
		t.Errorf("%d stories after two were published at once", n)
	}
	if n := items(); n != len(before) { // the first request for the feed
		t.Errorf("%d items at first", n)
	}
	clock.move(time.Minute)
	if n := items(); n != len(before)+1 {
		t.Errorf("%d items after the embargo", n)
	}
	if got := statuses(t, c, before[2].URL, 4); got != "200 200 410 410" {
		t.Errorf("%s answered %s", before[2].URL, got)
	}
	if n := items(); n != len(before) {
		t.Errorf("%d items after the withdrawal", n)
	}
	if n := items(); n != len(before)+1 {
		t.Errorf("%d items at the fourth request", n)
	}
	if a := get(t, c, before[0].URL); strings.Contains(a.body, "Savannakhet") {
		t.Error("corrected too early")
	}
	clock.move(time.Minute)
	if a := get(t, c, before[0].URL); !strings.Contains(a.body, "Savannakhet") || strings.Contains(a.body, "Khammouane") {
		t.Error("not corrected")
	}
	if got := statuses(t, c, before[1].URL+"?newsroom=withdraw:404", 1) + statuses(t, c, before[1].URL+"?newsroom=restore", 1); got != "404200" {
		t.Errorf("by request: %s", got)
	}
}

func TestMistakesInScenarios(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"- {host: a, sttaus: 503}":               `s.yaml:1:13: unknown field "sttaus"; a rule has host, path, from, to, every, after, until, and faults: status, `,
		"- host: a\n  status: many":              `s.yaml:2:11: "many": write a number from 100 to 599`,
		"- host: a\n  path: '^('\n  reset: true": "s.yaml:2:9: error parsing regexp",
		"- {to: 0, reset: true}":                 `s.yaml:1:8: "0": write a number of requests, 1 or more`,
		"- {after: soon, reset: true}":           `s.yaml:1:11: "soon": write a time such as 30s or 2h`,
		"- {from: 3, to: 2, reset: true}":        "this rule ends before it begins",
		"- {host: a}":                            "this rule does nothing; add a fault: status",
		"- {reset: true, withdraw: 410}":         "a rule either spoils answers or changes the news",
		"- {every: 2, withdraw: 410}":            "the news changes once",
		"- {reset: [1]}":                         "s.yaml:1:11: a single value is expected here",
		"- {gzip_bomb: huge}":                    `"huge": write a size`,
		"- {dns_rebind: example.org}":            `s.yaml:1:16: "example.org": write an IP address`,
		"host: a":                                "s.yaml:1:5: a list of rules is expected here",
		"- reset":                                "s.yaml:1:3: a rule is expected here",
		"- {reset: true, reset: true}":           "already defined",
		"- {correct: only words}":                "write the old words, => and the new ones",
	} {
		_, err := ReadScenario("s.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", text, err, want)
		}
	}
	r := openRoom(t)
	for text, want := range map[string]string{
		"\n- {host: vtcnews.com, reset: true}":                                    "s.yaml:2:4: no host here has this name; there are api.vietnamplus.vn, ",
		"- {host: vtcnews.vn, path: /rss/*, withdraw: 410}":                       "s.yaml:1:4: host and path name no article",
		"- {withdraw: 410}":                                                       "host and path name no article",
		"- {host: vtcnews.vn, path: '*-ar1051862.html', correct: Mexico => Oman}": `s.yaml:1:4: newsroom: the body of https://vtcnews.vn/`,
		"- {publish: nobody 3}":                                                   `no source is called "nobody"`,
	} {
		if err := r.Play(read(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", text, err, want)
		}
	}
	if _, err := Open(Options{Now: now, Scenario: read(t, "- {host: nowhere, reset: true}")}); err == nil {
		t.Error("a room opens on a scenario it cannot play")
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	s := read(t, Example)
	if err := openRoom(t).Play(s); err != nil {
		t.Error(err)
	}
	want := []string{
		"vtcnews.vn /rss/*, the first 3 requests: status 503, retry_after 20",
		"baotintuc.vn ^/.*-\\d{17}\\.htm$, one request in 2: truncated",
		"vietnamnews.vn /robots.txt, until 1m0s have passed: status 500, slow_header 3s",
		"www.urdupoint.com, from request 4 on: challenge cloudflare",
		"fr.vietnamplus.vn *.vnp: layout classes",
		"after 1m0s: advance 2h",
		"vtcnews.vn *-ar1051862.html, after 1m30s: correct Khammouane => Savannakhet",
		"vtcnews.vn *-ar1051811.html, from request 2 on: withdraw 410",
	}
	if got := s.Describe(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func FuzzReadScenario(f *testing.F) {
	f.Add(Example)
	f.Add("- {host: a, status: 503}\n- reset")
	f.Add("- &a {status: 503}\n- *a\n- {<<: *a}\n- ? [x]\n  : y")
	f.Fuzz(func(_ *testing.T, text string) {
		if s, err := ReadScenario("s.yaml", []byte(text)); err == nil {
			s.Describe()
		}
	})
}
