package pipeline

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/capture"
	"attache/internal/newsroom"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/seeds"
)

// archive is a rig over captures made by hand, each at the clock's time.
type archive struct {
	*rig
	src     *seeds.Source
	stories []newsroom.Story // about defence, and there
}

func newArchive(t *testing.T) archive {
	t.Helper()
	a := archive{rig: newRig(t, made(t, settings())), src: source(t, "vtcnews")}
	var err error
	a.Captures, err = capture.Open(t.TempDir(), capture.Options{Producer: "attache test", Now: a.clock.now})
	must(t, err)
	t.Cleanup(func() { must(t, a.Captures.Close()) })
	a.MaxPage, a.Revisits.Confirm = 8<<20, 6*time.Hour
	want := wanted(a.src)
	for _, s := range room.Stories(a.src.ID) {
		if slices.Contains(want, article.ID(a.src.ID, s.NativeID)) {
			a.stories = append(a.stories, s)
		}
	}
	return a
}

func (a archive) id(story int) string { return article.ID(a.src.ID, a.stories[story].NativeID) }

// page is the story's, after the changes: old and new by turns.
func (a archive) page(story int, changes ...string) []byte {
	page := httptest.NewRecorder()
	room.ServeHTTP(page, httptest.NewRequest(http.MethodGet, a.stories[story].URL, nil))
	return []byte(strings.NewReplacer(changes...).Replace(page.Body.String()))
}

// keep records a page of the story as sent now.
func (a archive) keep(t *testing.T, story int, body []byte, header ...string) warc.Ref {
	t.Helper()
	e := warc.Exchange{
		URL: a.stories[story].URL, At: a.clock.now(), Method: http.MethodGet, Status: http.StatusOK,
		Received: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: body,
	}
	for i := 0; i < len(header); i += 2 {
		e.Received.Set(header[i], header[i+1])
	}
	ref, err := a.Captures.Record(a.src.ID, e)
	must(t, err)
	return ref
}

// over replays the days from now on that lie between, both included, and commits.
func (a archive) over(t *testing.T, from, to int) (told []Replayed, err error) {
	t.Helper()
	err = a.Replay(t.Context(), a.src, ReplayOptions{
		From: edition.AddDate(0, 0, from), To: edition.AddDate(0, 0, to), Commit: true,
		Tell: func(r Replayed) { told = append(told, r) },
	})
	return told, err
}

// one is what over tells of the only article there is, and commits.
func (a archive) one(t *testing.T, from, to int) Replayed {
	t.Helper()
	told, err := a.over(t, from, to)
	must(t, err)
	if len(told) != 1 {
		t.Fatalf("told %+v", told)
	}
	return told[0]
}

const consent = `<html><head><title>vtcnews.vn</title></head><body><h1>vtcnews.vn</h1><p>Please enable JavaScript and cookies to continue.</p></body></html>`

// TestReplayTakesThePageThatReads: what came later and is no article hides nothing.
func TestReplayTakesThePageThatReads(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body    string
		header  []string
		verdict string // when there is nothing else
	}{
		"wall":     {body: consent, verdict: "walled"},
		"empty":    {verdict: "quarantined"},
		"contract": {body: `<html><body><header><h1 class="font28">Tin</h1></header><div class="edittor-content"><p>Nhận tin VTC News</p></div></body></html>`, verdict: "quarantined"},
		"no gzip":  {body: "plain", header: []string{"Content-Encoding", "gzip"}, verdict: "unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newArchive(t)
			a.clock.step(24 * time.Hour)
			a.keep(t, 0, []byte(c.body), c.header...)
			if told := a.one(t, 0, 1); told.Verdict != c.verdict || told.Reason == "" || told.Outcome != "" {
				t.Errorf("alone: %+v", told)
			}
			a.clock.step(-time.Hour)
			good := a.clock.now()
			a.keep(t, 0, a.page(0))
			if told := a.one(t, 0, 1); told.Verdict != "new" || !told.Captured.Equal(good) || told.Outcome != article.Stored {
				t.Errorf("after a good one: %+v", told)
			}
			if told := a.one(t, 0, 1); told.Verdict != "same" || !told.Captured.Equal(good) {
				t.Errorf("and stored: %+v", told)
			}
		})
	}
}

// TestReplayPutsNothingOldOverNew: a correction was seen after the stretch that is
// read again.
func TestReplayPutsNothingOldOverNew(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.keep(t, 0, a.page(0))
	a.clock.step(24 * time.Hour)
	corrected := a.clock.now()
	a.keep(t, 0, a.page(0, "</h1>", " (đính chính)</h1>"))

	first := a.one(t, 0, 0)
	if first.Verdict != "new" || first.Outcome != article.Stored {
		t.Fatalf("the first day: %+v", first)
	}
	// The page that is stored is compared as long as it is there: its differences are the rules'.
	if told := a.one(t, 0, 1); told.Verdict != "same" || !told.Captured.Equal(first.Captured) {
		t.Errorf("both days: %+v", told)
	}
	if told := a.one(t, 1, 1); told.Verdict != "differs" || told.Outcome != article.Revised {
		t.Fatalf("the second day: %+v", told)
	}
	if told := a.one(t, 0, 0); told.Verdict != "superseded" || told.Revision || told.Outcome != "" {
		t.Errorf("the first day again: %+v", told)
	}
	if told := a.one(t, 0, 1); told.Verdict != "same" || !told.Captured.Equal(corrected) {
		t.Errorf("both days again: %+v", told)
	}
	last, err := a.store.Latest(t.Context(), a.id(0))
	must(t, err)
	if last.Revision != 2 || !strings.HasSuffix(last.Title, "(đính chính)") {
		t.Errorf("stored is revision %d, %q", last.Revision, last.Title)
	}
}

// withdrawn is an archive whose first story was stored, and taken out two days on.
func withdrawn(t *testing.T, why article.ChangeReason) archive {
	t.Helper()
	a := newArchive(t)
	ref := a.keep(t, 0, a.page(0))
	_, err := a.store.OpenNew(t.Context(), a.src.ID, []store.Listed{{ArticleID: a.id(0), URL: a.stories[0].URL}}, nil)
	must(t, err)
	item := func() store.Item {
		items, err := a.store.Todo(t.Context(), a.src.ID, false)
		must(t, err)
		if len(items) != 1 {
			t.Fatalf("to do: %+v", items)
		}
		return items[0]
	}
	stored := item()
	stored.Watch.Next = a.clock.now()
	_, err = a.store.Keep(t.Context(), stored, &article.Record{
		ArticleID: a.id(0), Source: a.src.ID, URL: stored.URL, FetchedAt: a.clock.now(), SchemaVersion: article.SchemaVersion,
		Content: article.Content{Title: "Tên cũ"}, SameStory: []string{"qk7:1"}, RawRef: &article.RawRef{Segment: ref.Segment, Offset: ref.Offset},
	}, store.Telling{})
	must(t, err)
	a.clock.step(48 * time.Hour)
	_, err = a.store.OpenRevisits(t.Context(), a.src.ID, 1)
	must(t, err)
	_, err = a.store.Withdraw(t.Context(), item(), "run", why, "gone")
	must(t, err)
	return a
}

func TestReplayBringsBackWhatTheTopicLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		why  article.ChangeReason
		ago  time.Duration // how long before its withdrawal the page was sent
		body string        // "" for the story's
		want string
	}{
		"the page that was judged":   {why: article.FromTopic, ago: time.Hour, want: "returned"},
		"a page before the judgment": {why: article.FromTopic, ago: 7 * time.Hour, want: "superseded"},
		"still not the topic": {why: article.FromTopic, ago: time.Hour, want: "left_out", body: `<html><head><meta name="pubdate" content="2026-11-20T08:00:00+07:00"></head>
			<body><header><h1 class="font28">Giá rau xanh tăng nhẹ sau mưa lớn</h1></header><div class="edittor-content">
			<p>Tại các chợ đầu mối, giá rau xanh tăng nhẹ so với tuần trước vì mưa lớn kéo dài nhiều ngày.</p>
			<p>Tiểu thương cho biết nguồn cung sẽ ổn định trở lại vào cuối tháng, khi các nhà vườn thu hoạch vụ mới.</p></div></body></html>`},
		"the publisher's": {why: article.FromPublisher, ago: time.Hour, want: "withdrawn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := withdrawn(t, c.why)
			body := []byte(c.body)
			if c.body == "" {
				body = a.page(0)
			}
			a.clock.step(-c.ago)
			a.keep(t, 0, body)
			a.clock.step(c.ago)
			told := a.one(t, 0, 2)
			if told.Verdict != c.want || told.Reason == "" {
				t.Fatalf("%+v", told)
			}
			last, err := a.store.Latest(t.Context(), a.id(0))
			must(t, err)
			if c.want != "returned" {
				if last.ChangeType != article.Removed || told.Outcome != "" {
					t.Errorf("%+v; the row says %s", told, last.ChangeType)
				}
				return
			}
			if told.Outcome != article.Revised || last.ChangeType != article.Changed || last.ChangeReason != article.FromRules || last.RawRef == nil || len(last.SameStory) != 1 {
				t.Errorf("%+v; the row says %s for %s", told, last.ChangeType, last.ChangeReason)
			}
			if told := a.one(t, 0, 2); told.Verdict != "same" {
				t.Errorf("once more: %+v", told)
			}
		})
	}
}

// TestReplayGoesPastDamage: what stands before it, and in other segments, is read,
// committed and landed.
func TestReplayGoesPastDamage(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.keep(t, 0, a.page(0))
	torn := a.keep(t, 1, a.page(1))
	a.keep(t, 2, a.page(2))
	a.clock.step(24 * time.Hour)
	a.keep(t, 3, a.page(3))
	must(t, a.Captures.Rotate())
	segments, err := a.Captures.Closed()
	must(t, err)
	file := segments[0].Path
	bytesOf, err := os.ReadFile(file)
	must(t, err)
	bytesOf[torn.Offset+200] ^= 0xff
	must(t, os.WriteFile(file, bytesOf, 0o600))

	told, err := a.over(t, 0, 1)
	if err == nil || !strings.Contains(err.Error(), torn.Segment) || !strings.Contains(err.Error(), "could not all be read") {
		t.Errorf("the damage: %v", err)
	}
	var ids []string
	for _, r := range told {
		ids = append(ids, r.ArticleID)
		if r.Outcome != article.Stored {
			t.Errorf("%+v", r)
		}
	}
	want := []string{a.id(0), a.id(3)}
	slices.Sort(want)
	same(t, "told", ids, want)
	same(t, "landed", live(t, a.Bucket, today), want)
}

// tired takes so many readings and then no more.
type tired struct {
	Store
	left int
}

var errTired = errors.New("tired")

func (s *tired) Reread(ctx context.Context, url string, r *article.Record, first *store.First) (article.Outcome, error) {
	if s.left--; s.left < 0 {
		return "", errTired
	}
	return s.Store.Reread(ctx, url, r, first)
}

func TestReplayLandsWhatItCommitted(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for i := range 4 {
		a.keep(t, i, a.page(i))
	}
	a.Store = &tired{Store: a.store, left: 2}
	told, err := a.over(t, 0, 0)
	if !errors.Is(err, errTired) || len(told) != 2 {
		t.Errorf("told %d, %v", len(told), err)
	}
	if landed := live(t, a.Bucket, today); len(landed) != 2 {
		t.Errorf("landed %q", landed)
	}
}

// forgetful has let the texts go.
type forgetful struct{ Store }

func (forgetful) Latest(context.Context, string) (*article.Record, error) { return nil, nil }
func (forgetful) Pruned(context.Context, string) (bool, error)            { return true, nil }

func TestReplayLeavesWhatTheStoreForgot(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.keep(t, 0, a.page(0))
	a.Store = forgetful{a.store}
	if told := a.one(t, 0, 0); told.Verdict != "superseded" || told.Outcome != "" {
		t.Errorf("%+v", told)
	}
}

// TestReplayKeepsWhatReadsBetter: a page only the fallback reader makes sense of does
// not replace one the rules could read.
func TestReplayKeepsWhatReadsBetter(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.keep(t, 0, a.page(0))
	a.one(t, 0, 0)
	a.clock.step(24 * time.Hour)
	a.keep(t, 0, a.page(0, "edittor-content", "redesigned", "articleBody", "text"))
	if told := a.one(t, 1, 1); told.Verdict != "quarantined" || told.Outcome != "" {
		t.Errorf("%+v", told)
	}
}

func TestReplayTellsHowItGetsOn(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.keep(t, 0, a.page(0))
	a.keep(t, 1, a.page(1))
	a.clock.step(24 * time.Hour)
	a.keep(t, 0, a.page(0))
	var last ReplayProgress
	steps := 0
	must(t, a.Replay(t.Context(), a.src, ReplayOptions{
		From: edition, To: edition.AddDate(0, 0, 1), Tell: func(Replayed) {},
		Progress: func(p ReplayProgress) { last = p; steps++ },
	}))
	if want := (ReplayProgress{Segments: 2, SegmentsRead: 2, Articles: 2, ArticlesRead: 2}); last != want || steps != 4 {
		t.Errorf("%+v after %d steps", last, steps)
	}
	ctx, stop := after(t, 1)
	err := a.Replay(ctx, a.src, ReplayOptions{From: edition, To: edition.AddDate(0, 0, 1), Tell: func(Replayed) { stop() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop: %v", err)
	}
}
