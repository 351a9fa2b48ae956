package pipeline

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/internal/article"
	"attache/internal/capture"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/seeds"
	"attache/sinks"
)

// capturing is a rig that keeps what publishers send.
func capturing(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, made(t, settings()))
	r.capture(t)
	return r
}

// capture has r keep what publishers send.
func (r *rig) capture(t *testing.T) {
	t.Helper()
	var err error
	r.Captures, err = capture.Open(t.TempDir(), capture.Options{Producer: "attache test"})
	must(t, err)
	t.Cleanup(func() { must(t, r.Captures.Close()) })
	r.MaxPage = 8 << 20
	r.Transport = reach(t, room.Addr(), room.CA(), func(o *transport.Options) { o.Recorder = r.Captures })
}

func (r *rig) replay(t *testing.T, src *seeds.Source, commit bool) map[string][]Replayed {
	t.Helper()
	told := map[string][]Replayed{}
	now := time.Now() // captures carry the time they were really made
	must(t, r.Replay(t.Context(), src, ReplayOptions{From: now.AddDate(0, 0, -1), To: now, Commit: commit, Tell: func(p Replayed) {
		told[p.Verdict] = append(told[p.Verdict], p)
	}}))
	return told
}

func TestEveryRecordHasItsCapture(t *testing.T) {
	t.Parallel()
	r := capturing(t)
	src := source(t, "vtcnews")
	r.run(t, src.ID)
	check := func(when string) {
		t.Helper()
		for _, id := range wanted(src) {
			last, err := r.store.Latest(t.Context(), id)
			must(t, err)
			if last.RawRef == nil {
				t.Fatalf("%s: %s has none", when, id)
			}
			e, err := r.Captures.Read(warc.Ref{Segment: last.RawRef.Segment, Offset: last.RawRef.Offset}, r.Bucket.Fetcher(t.Context()))
			must(t, err)
			page, err := e.Decoded(r.MaxPage)
			must(t, err)
			if got, _ := src.Identify(e.URL); got != id || e.Status != http.StatusOK || !strings.Contains(string(page), "</html>") {
				t.Errorf("%s: the capture of %s is %s, %d, %d bytes", when, id, e.URL, e.Status, len(page))
			}
		}
	}
	check("on disk")
	must(t, r.LandCaptures(t.Context()))
	objects, err := r.Bucket.List(t.Context(), sinks.RawPrefix(src.ID))
	must(t, err)
	if len(objects) == 0 {
		t.Error("no segment has landed")
	}
	check("in S3")
}

// TestADropIsSealedAfterItsCaptures: a manifest must not name rows whose pages
// could still be lost.
func TestADropIsSealedAfterItsCaptures(t *testing.T) {
	t.Parallel()
	s := settings()
	r := capturing(t)
	made(t, s)
	refused := true
	r.Bucket = through(t, s, func(q *http.Request) bool {
		return refused && q.Method == http.MethodPut && strings.Contains(q.URL.Path, "/v1/raw/")
	})
	r.run(t, "vtcnews")
	if _, err := r.Seal(t.Context(), tomorrow); !errors.Is(err, sinks.ErrDenied) {
		t.Errorf("sealed without captures: %v", err)
	}
	if objects, err := r.Bucket.List(t.Context(), sinks.ManifestPrefix(today)); len(objects) != 0 || err != nil {
		t.Errorf("there is a manifest: %v, %v", objects, err)
	}
	refused = false
	sealedNow, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	if len(sealedNow) != 1 {
		t.Errorf("sealed %+v", sealedNow)
	}
}

func TestReplayTellsAndCommits(t *testing.T) {
	t.Parallel()
	r := capturing(t)
	src := source(t, "vtcnews")
	r.run(t, src.ID)
	want := wanted(src)
	if told := r.replay(t, src, false); len(told["same"]) != len(want) || len(told["differs"])+len(told["new"])+len(told["unreadable"]) != 0 {
		t.Fatalf("with the same rules: %+v", told)
	}
	mended := *src
	mended.Rules = slices.Clone(src.Rules)
	mended.Rules[0].Strip = append(slices.Clone(src.Rules[0].Strip), seeds.Pattern{Regexp: regexp.MustCompile(`\.$`)})
	told := r.replay(t, &mended, false)
	if len(told["differs"]) != len(want) {
		t.Fatalf("with other rules: %+v", told)
	}
	for _, p := range told["differs"] {
		if !p.Revision || p.Outcome != "" || !slices.ContainsFunc(p.Fields, func(d Difference) bool { return d.Field == "body_text" && len(d.Was) > len(d.Is) }) {
			t.Errorf("%s: %+v", p.ArticleID, p)
		}
	}
	if last, err := r.store.Latest(t.Context(), want[0]); err != nil || last.Revision != 1 {
		t.Errorf("telling has changed it: %+v, %v", last, err)
	}
	for _, p := range r.replay(t, &mended, true)["differs"] {
		if p.Outcome != article.Revised {
			t.Errorf("%s: %s", p.ArticleID, p.Outcome)
		}
	}
	for _, id := range want {
		last, err := r.store.Latest(t.Context(), id)
		if err != nil || last.Revision != 2 || last.ChangeReason != article.FromRules || last.RawRef == nil || last.PublishedAt == nil {
			t.Errorf("%s: %+v, %v", id, last, err)
		}
	}
	if told := r.replay(t, &mended, true); len(told["same"]) != len(want) {
		t.Errorf("once more: %+v", told)
	}
	if err := r.Replay(t.Context(), src, ReplayOptions{From: edition.AddDate(-5, 0, 0), To: edition.AddDate(-5, 0, 1)}); !errors.Is(err, ErrNoCaptures) {
		t.Errorf("of years ago: %v", err)
	}
}

// TestWhatReplayFindsIsLinked: an article that only today's rules keep is linked as one
// that is kept when it comes, and found by others; one that was taken down stays away.
func TestWhatReplayFindsIsLinked(t *testing.T) {
	t.Parallel()
	r := capturing(t)
	strict, src := *source(t, "vietnamvn-vi"), source(t, "vietnamvn-vi")
	strict.Threshold = 1
	report, err := r.Run(t.Context(), &strict)
	must(t, err)
	if report.Outcomes[article.Stored] > 0 {
		t.Fatalf("%+v", report.Outcomes)
	}
	r.run(t, "vietnamplus-vi")
	down := wanted(src)[0]
	must(t, r.store.Ask(t.Context(), store.Takedown{ArticleID: down, Reason: why}))
	told := r.replay(t, src, true)
	if len(told["new"]) != len(wanted(src))-1 || len(told["withdrawn"]) != 1 || told["withdrawn"][0].ArticleID != down {
		t.Fatalf("%+v", told)
	}
	linked := 0
	for _, p := range told["new"] {
		found, err := r.store.Latest(t.Context(), p.ArticleID)
		must(t, err)
		if found.DuplicateOf != nil || len(found.SameStory) > 0 {
			linked++
		}
		copied := *found
		copied.ArticleID, copied.URL, copied.Attribution = "qk7:1", "https://baoquankhu7.vn/x-1-001s34210gs", nil
		if _, err := r.link(t.Context(), &copied); err != nil || copied.DuplicateOf == nil {
			t.Errorf("a copy of %s is not found to be one: %v", p.ArticleID, err)
		}
	}
	if linked == 0 {
		t.Error("none is linked")
	}
}
