package pipeline

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/sinks"
)

// daySources are enough for runs side by side, and few enough to be quick.
var daySources = []string{"qk7", "vietnamplus-en", "vietnamplus-zh", "vnanet", "vtcnews"}

// day is what the publishers did, to be compared with what landed.
type day struct {
	t         *testing.T
	room      *newsroom.Room
	random    *rand.Rand
	marks     map[string]string // article: words its newest text must hold
	withdrawn map[string]bool   // articles
	changes   int
}

// TestADayOfKills lets the publishers have a day, with news, corrections and
// withdrawals every two hours, and kills the work again and again, at lines it says
// before and after each commit and at requests to S3 before they arrive and after they
// are done. In the end everything that was published must have landed, once.
// ATTACHE_KILLS=500 makes it weeks; its seed is printed, and taken from ATTACHE_SEED.
func TestADayOfKills(t *testing.T) {
	t.Parallel()
	kills := number(t, "ATTACHE_KILLS", 24)
	const pass = 2 * time.Hour
	steps := max(12, kills/6) // there is work to do at every few of them, or all but the first would meet idle runs
	seed := number(t, "ATTACHE_SEED", int(time.Now().UnixNano()))
	t.Logf("seed %d, %d kills", seed, kills)
	own, err := newsroom.Open(newsroom.Options{Now: edition})
	must(t, err)
	defer func() { must(t, own.Close()) }()
	d := newDay(t, own, seed)

	s := settings()
	s.Prefix = ""
	b := made(t, s)
	m := new(moments)
	e := errand{
		Data: t.TempDir(), Room: own.Addr(), CA: own.CA(), Hosts: own.Hosts(), Sources: daySources, Again: ages(time.Duration(steps) * pass),
		Endpoint: m.watched(t, s.Endpoint), Bucket: s.Bucket, Region: s.Region, Access: service.AccessKey, Private: service.SecretKey,
	}
	file := filepath.Join(e.Data, "errand.json")
	killed, survived, length, longest := map[string]int{}, 0, 0, 120
	d.passes(steps, pass, kills, func(now time.Time, kill bool) bool {
		if e.Now != now {
			e.Now, length = now, longest // of the work, in moments; with more behind it there are more
		}
		text, err := json.Marshal(e)
		must(t, err)
		must(t, os.WriteFile(file, text, 0o600))
		if !kill {
			return m.work(t, file, 0)
		}
		ended := m.work(t, file, 1+d.random.IntN(length))
		longest = max(longest, m.n)
		if ended {
			length = max(m.n, 8)
			survived++
		} else {
			killed[kindOf(m.last)]++
		}
		return ended
	})
	t.Logf("killed at %v; %d times the work was quicker", killed, survived)
	d.compare(b, e)
}

// ages are those at which articles are looked at, so that corrections of any of them are
// seen for so long.
func ages(during time.Duration) []time.Duration {
	list := []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}
	for age := 48 * time.Hour; age < during+24*time.Hour; age += 24 * time.Hour {
		list = append(list, age)
	}
	return list
}

func newDay(t *testing.T, room *newsroom.Room, seed int) *day {
	return &day{t: t, room: room, random: rand.New(rand.NewPCG(uint64(seed), 0)), marks: map[string]string{}, withdrawn: map[string]bool{}}
}

// passes lets the publishers' time pass in steps, and has so many works broken over it. A
// work says whether it came to its end.
func (d *day) passes(steps int, every time.Duration, breaks int, work func(now time.Time, broken bool) (ended bool)) {
	now := edition
	whole := func() {
		d.t.Helper()
		if !work(now, false) {
			d.t.Fatal("the work did not come to its end")
		}
	}
	for step := range steps {
		if step == 0 {
			whole() // what stands is read; what comes of it later is known then
		} else {
			now = now.Add(every)
			must(d.t, d.room.Advance(every))
			d.news()
		}
		for range (breaks + step) / steps {
			work(now, true)
		}
	}
	// The last changes are seen by the last revisits, withdrawals are confirmed after
	// them, and the days are sealed.
	for _, rest := range []time.Duration{25 * time.Hour, 7 * time.Hour, 25 * time.Hour} {
		must(d.t, d.room.Advance(rest))
		now = now.Add(rest)
		whole()
	}
}

func number(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// kindOf is a moment without what it was about.
func kindOf(moment string) string {
	words := strings.Fields(moment)
	if len(words) > 2 { // a request: its method and the first folders of its path
		folders := strings.Split(words[2], "/")
		return words[0] + " " + words[1] + " " + strings.Join(folders[2:min(4, len(folders))], "/")
	}
	return strings.Join(words[:min(1, len(words))], " ")
}

// news changes what the publishers say: first of what stands, then there is more.
func (d *day) news() {
	for range 2 {
		s, id := d.draw()
		d.changes++
		mark := fmt.Sprintf("%d.%d", 7000+d.changes, d.changes)
		first := s.Body[0]
		must(d.t, d.room.Correct(s.URL, first, first+" "+mark))
		d.marks[id] = mark
	}
	if len(d.withdrawn) < 4 { // fewer than make a redesign
		s, id := d.draw()
		must(d.t, d.room.Withdraw(s.URL, 404+6*d.random.IntN(2)))
		d.withdrawn[id] = true
	}
	for range 1 + d.random.IntN(3) {
		source := daySources[d.random.IntN(len(daySources))]
		must(d.t, d.room.Publish(source, 1+d.random.IntN(2)))
	}
}

// draw gives a story about defence that stands, and its article.
func (d *day) draw() (newsroom.Story, string) {
	for {
		stories := d.room.Stories(daySources[d.random.IntN(len(daySources))])
		s := stories[d.random.IntN(len(stories))]
		id := article.ID(s.Source, s.NativeID)
		if s.Defence && s.Answers == 0 && !d.withdrawn[id] && !strings.HasPrefix(s.Body[0], "#") {
			return s, id
		}
	}
}

// compare holds what is in S3 and in the store to what was published.
func (d *day) compare(b *sinks.Bucket, e errand) {
	t := d.t
	st, err := store.Open(t.Context(), filepath.Join(e.Data, "attache.db"), nil)
	must(t, err)
	defer st.Close()
	sealed := map[string]article.Record{} // by article and revision
	newest := map[string]article.Record{}
	drops, err := st.Drops(t.Context())
	must(t, err)
	for _, drop := range drops {
		if drop.Closed.IsZero() {
			continue
		}
		if report, err := sinks.Verify(t.Context(), b, drop.Date); !report.OK || err != nil {
			t.Errorf("drop %s: %+v, %v", drop.Date, report, err)
		}
		for _, r := range rows(t, b, sinks.JSONLPrefix(drop.Date)) {
			key := fmt.Sprint(r.ArticleID, " ", r.Revision)
			if _, double := sealed[key]; double {
				t.Errorf("%s is sealed twice", key)
			}
			sealed[key] = r
			if r.Revision > newest[r.ArticleID].Revision {
				newest[r.ArticleID] = r
			}
		}
		for _, r := range rows(t, b, sinks.LivePrefix(drop.Date)) {
			if _, known := sealed[fmt.Sprint(r.ArticleID, " ", r.Revision)]; !known {
				t.Errorf("%s revision %d is live and not sealed", r.ArticleID, r.Revision)
			}
		}
	}
	for id, r := range newest {
		for n := 1; n < r.Revision; n++ {
			if _, ok := sealed[fmt.Sprint(id, " ", n)]; !ok {
				t.Errorf("%s: revision %d of %d is nowhere", id, n, r.Revision)
			}
		}
	}
	for _, source := range daySources {
		for _, s := range d.room.Stories(source) {
			id := article.ID(source, s.NativeID)
			last, there := newest[id]
			switch {
			case s.Defence && s.Answers == 0 && !d.withdrawn[id] && (!there || last.ChangeType == article.Removed):
				t.Errorf("%s was published and did not land: %+v", id, last.ChangeType)
			case there && d.marks[id] != "" && !d.withdrawn[id] && !strings.Contains(last.BodyText, d.marks[id]):
				t.Errorf("%s: its last correction %q did not land", id, d.marks[id])
			}
		}
		open, err := st.Todo(t.Context(), source, false)
		if len(open) != 0 || err != nil {
			t.Errorf("%s: still open %+v, %v", source, open, err)
		}
	}
	for id := range d.withdrawn {
		if last, there := newest[id]; there && last.ChangeType != article.Removed {
			t.Errorf("%s was withdrawn, and its last row is %s", id, last.ChangeType)
		}
	}
	kinds := map[article.ChangeType]int{}
	for _, r := range sealed {
		kinds[r.ChangeType]++
	}
	t.Logf("%d articles, %d corrections, %d withdrawals; sealed %v", len(newest), d.changes, len(d.withdrawn), kinds)
	if kinds[article.Added] == 0 || kinds[article.Changed] == 0 || kinds[article.Removed] == 0 {
		t.Error("a day without news, changes or withdrawals proves little")
	}
	if problems, err := st.Check(t.Context()); len(problems) != 0 || err != nil {
		t.Errorf("the store is not sound: %q, %v", problems, err)
	}
	d.captures(b, sealed)
	verified(t, b)
	d.intended(b, filepath.Join(e.Data, "attache.db"))
	if left := (&rig{Pipeline: &Pipeline{Spool: filepath.Join(e.Data, "spool")}}).spool(t); len(left) != 0 {
		t.Errorf("in the spool are left %q", left)
	}
}

// intended holds every object to an intent of the store.
func (d *day) intended(b *sinks.Bucket, file string) {
	t := d.t
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=query_only(1)")
	must(t, err)
	defer db.Close()
	intents := map[string]bool{sinks.LatestKey: true, sinks.SchemaKey(article.SchemaVersion): true}
	keys, err := db.QueryContext(t.Context(), `SELECT key FROM batches WHERE id > 0`)
	must(t, err)
	defer keys.Close()
	for keys.Next() {
		var key string
		must(t, keys.Scan(&key))
		intents[key] = true
	}
	must(t, keys.Err())
	manifests, err := db.QueryContext(t.Context(), `SELECT manifest FROM seals`)
	must(t, err)
	defer manifests.Close()
	for manifests.Next() {
		var text []byte
		must(t, manifests.Scan(&text))
		m, err := sinks.ParseManifest(text)
		must(t, err)
		intents[sinks.ManifestKey(m.DropDate, m.Rev)] = true
		for _, f := range m.Named() {
			intents[f.Key] = true
		}
	}
	must(t, manifests.Err())
	objects, err := b.List(t.Context(), "v1/")
	must(t, err)
	for _, o := range objects {
		if !intents[o.Key] && !strings.HasPrefix(o.Key, "v1/raw/") { // a segment's intent is its file, gone when it has landed
			t.Errorf("%s is in S3, and nothing in the store says why", o.Key)
		}
	}
}

// captures holds every record to the page it was read from.
func (d *day) captures(b *sinks.Bucket, sealed map[string]article.Record) {
	t := d.t
	src := map[string]func(string) (string, bool){}
	all, err := sources(daySources...)
	must(t, err)
	for _, s := range all {
		src[s.ID] = s.Identify
	}
	var doubtful []string
	for key, r := range sealed {
		if r.RawRef == nil {
			if r.ChangeType != article.Removed {
				doubtful = append(doubtful, key+" has none")
			}
			continue
		}
		body, err := b.GetFrom(t.Context(), r.RawRef.Segment, r.RawRef.Offset)
		must(t, err)
		record, err := warc.NewReader(body, 8<<20).Next()
		must(t, body.Close())
		if err != nil {
			doubtful = append(doubtful, fmt.Sprint(key, ": ", err))
			continue
		}
		if id, _ := src[r.Source](record.Fields.Get("WARC-Target-URI")); id != r.ArticleID {
			doubtful = append(doubtful, fmt.Sprint(key, " points at ", record.Fields.Get("WARC-Target-URI")))
		}
	}
	if slices.Sort(doubtful); len(doubtful) > 0 {
		t.Errorf("captures: %q", doubtful)
	}
}
