package pipeline

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/internal/article"
)

// press stands before the publishers and changes what single pages say.
type press struct {
	mu    sync.Mutex
	gone  map[string]int                      // path: status
	edits map[string]func(page []byte) []byte // path: what becomes of the page
	asked []asked
}

// asked is one request, as the publisher sees it.
type asked struct {
	path        string
	conditional bool
}

func (p *press) answer(w http.ResponseWriter, q *http.Request) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, asked{q.URL.Path, q.Header.Get("If-None-Match") != ""})
	if status := p.gone[q.URL.Path]; status != 0 {
		w.WriteHeader(status)
		return true
	}
	edit := p.edits[q.URL.Path]
	if edit == nil {
		return false
	}
	plain := q.Clone(q.Context())
	for _, h := range []string{"Accept-Encoding", "If-None-Match", "If-Modified-Since"} {
		plain.Header.Del(h)
	}
	page := httptest.NewRecorder()
	room.ServeHTTP(page, plain)
	w.Header().Set("Content-Type", page.Header().Get("Content-Type"))
	_, _ = w.Write(edit(page.Body.Bytes()))
	return true
}

func (p *press) set(change func(p *press)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// again is a rig whose vtcnews has been read once, and the paths of what was stored.
func again(t *testing.T) (r *rig, p *press, paths []string) {
	t.Helper()
	r = newRig(t, made(t, settings()))
	p = &press{gone: map[string]int{}, edits: map[string]func([]byte) []byte{}}
	r.Traffic = new(Counter)
	r.Transport = front(t, p.answer, func(o *transport.Options) { o.Observe = r.Traffic.Observe })
	r.Revisits = Revisits{After: []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}, NearMiss: 0.2, Confirm: 6 * time.Hour}
	r.run(t, "vtcnews")
	want := wanted(source(t, "vtcnews"))
	for _, s := range room.Stories("vtcnews") {
		if slices.Contains(want, article.ID("vtcnews", s.NativeID)) {
			paths = append(paths, strings.TrimPrefix(s.URL, "https://vtcnews.vn"))
		}
	}
	p.set(func(p *press) { p.asked = nil })
	return r, p, paths
}

// later is the report of the run some time on.
func (r *rig) later(t *testing.T, d time.Duration) Report {
	t.Helper()
	r.clock.step(d)
	return r.run(t, "vtcnews")
}

func TestNoNewsCostsOneConditionalRequestAList(t *testing.T) {
	t.Parallel()
	r, p, _ := again(t)
	report := r.later(t, 15*time.Minute)
	if len(report.Steps) == 0 || len(p.asked) != len(report.Steps) {
		t.Errorf("%d requests for %d lists: %v", len(p.asked), len(report.Steps), p.asked)
	}
	for _, q := range p.asked {
		if !q.conditional {
			t.Errorf("%s was asked without conditions", q.path)
		}
	}
	if tr := report.Traffic; tr.Bytes != 0 || tr.NotModified != len(report.Steps) {
		t.Errorf("it cost %+v", tr)
	}
	if report.Listed+report.Opened+report.Fetched+report.Revisits != 0 {
		t.Errorf("%+v", report)
	}
}

// TestValidatorsWaitForTheirAddresses: when the addresses of a list are not kept,
// the next run must not hear that nothing has changed.
func TestValidatorsWaitForTheirAddresses(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	full := errors.New("disk full")
	r.Store = hooked{Store: r.store, before: func(op, _ string) error {
		if op == "OpenNew" {
			return full
		}
		return nil
	}}
	if _, err := r.Run(t.Context(), source(t, "vtcnews")); !errors.Is(err, full) {
		t.Fatal(err)
	}
	r.Store = r.store
	r.run(t, "vtcnews")
	same(t, "landed after the crash", live(t, r.Bucket, today), wanted(source(t, "vtcnews")))
}

func TestArticlesAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	report := r.later(t, time.Hour)
	if report.Revisits < len(paths) || report.Outcomes[article.Unchanged] != report.Revisits || report.Traffic.Bytes != 0 {
		t.Errorf("unchanged: %+v", report)
	}
	p.set(func(p *press) {
		p.edits[paths[0]] = func(page []byte) []byte {
			return bytes.ReplaceAll(page, []byte("</h1>"), []byte(" (cập nhật)</h1>"))
		}
	})
	report = r.later(t, 5*time.Hour)
	if report.Outcomes[article.Revised] != 1 || report.Outcomes[article.Unchanged] != report.Revisits-1 {
		t.Errorf("one was corrected: %+v", report.Outcomes)
	}
	last, err := r.store.Latest(t.Context(), idOf(t, paths[0]))
	must(t, err)
	if last.Revision != 2 || last.ChangeType != article.Changed || last.ChangeReason != article.FromPublisher || !strings.HasSuffix(last.Title, "(cập nhật)") {
		t.Errorf("the correction is %d %s %s %q", last.Revision, last.ChangeType, last.ChangeReason, last.Title)
	}
	if report = r.later(t, 18*time.Hour); report.Revisits < len(paths) {
		t.Errorf("after a day: %+v", report)
	}
	if report = r.later(t, 48*time.Hour); report.Revisits != 0 { // the last age has passed
		t.Errorf("after the last: %+v", report)
	}
}

func idOf(t *testing.T, path string) string {
	t.Helper()
	id, ok := source(t, "vtcnews").Identify("https://vtcnews.vn" + path)
	if !ok {
		t.Fatal(path)
	}
	return id
}

func TestAWithdrawalIsConfirmedFirst(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	p.set(func(p *press) { p.gone[paths[0]], p.gone[paths[1]] = http.StatusGone, http.StatusNotFound })
	if report := r.later(t, time.Hour); report.Outcomes[article.Withdrawn] != 0 || report.Outcomes[article.Failed] != 0 {
		t.Errorf("at first: %+v", report.Outcomes)
	}
	p.set(func(p *press) { delete(p.gone, paths[1]) }) // it was a mistake
	report := r.later(t, 6*time.Hour)
	if report.Outcomes[article.Withdrawn] != 1 {
		t.Errorf("confirmed: %+v", report)
	}
	for i, want := range []article.ChangeType{article.Removed, article.Added} {
		if last, err := r.store.Latest(t.Context(), idOf(t, paths[i])); err != nil || last.ChangeType != want {
			t.Errorf("%s: %s, %v; want %s", paths[i], last.ChangeType, err, want)
		}
	}
	ledgerAdds(t, r)
}

// TestARedesignWithdrawsNothing: 404s for everything are not the articles'.
func TestARedesignWithdrawsNothing(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	if len(paths) < 5 {
		t.Fatalf("the edition has %d articles only", len(paths))
	}
	p.set(func(p *press) {
		for _, path := range paths {
			p.gone[path] = http.StatusNotFound
		}
	})
	alarmed := func(want int) { // by what the alarm goes
		t.Helper()
		if held, err := r.store.WithdrawalsHeld(t.Context()); held["vtcnews"] != want || err != nil {
			t.Errorf("%v are held, %v; want %d", held, err, want)
		}
	}
	r.later(t, time.Hour)
	alarmed(0)
	report := r.later(t, 6*time.Hour)
	if report.Held != len(paths) || report.Outcomes[article.Withdrawn] != 0 {
		t.Errorf("held %d, %+v", report.Held, report.Outcomes)
	}
	alarmed(len(paths))
	r.Revisits.Force = true // an operator has looked: they are gone
	report = r.later(t, heldFor)
	if report.Outcomes[article.Withdrawn] != len(paths) {
		t.Errorf("by force: %+v", report)
	}
	alarmed(0)
	ledgerAdds(t, r)
}

// TestALookThatFailsHoldsNoWithdrawal: nobody could look again, that is all.
func TestALookThatFailsHoldsNoWithdrawal(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	p.set(func(p *press) { p.gone[paths[0]] = http.StatusNotFound })
	r.later(t, time.Hour)
	p.set(func(p *press) { p.gone[paths[0]] = http.StatusServiceUnavailable })
	r.later(t, 40*time.Hour)
	if held, err := r.store.WithdrawalsHeld(t.Context()); len(held) > 0 || err != nil {
		t.Errorf("held: %v, %v", held, err)
	}
}

func TestLeavingTheTopicIsSaid(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	p.set(func(p *press) {
		p.edits[paths[0]] = func([]byte) []byte {
			return []byte(`<html><head><title>Giá rau</title></head><body><header><h1 class="font28">Giá rau xanh tăng nhẹ sau mưa lớn</h1></header><meta name="pubdate" content="2026-11-20T08:00:00+07:00">
				<div class="edittor-content"><p>Tại các chợ đầu mối, giá rau xanh tăng nhẹ so với tuần trước vì mưa lớn kéo dài nhiều ngày.</p>
				<p>Tiểu thương cho biết nguồn cung sẽ ổn định trở lại vào cuối tháng, khi các nhà vườn thu hoạch vụ mới.</p></div></body></html>`)
		}
	})
	r.later(t, time.Hour) // at first it may be a mistake
	report := r.later(t, 6*time.Hour)
	if report.Outcomes[article.OutOfScope] != 1 {
		t.Errorf("%+v", report.Outcomes)
	}
	last, err := r.store.Latest(t.Context(), idOf(t, paths[0]))
	must(t, err)
	if last.ChangeType != article.Removed || last.ChangeReason != article.FromTopic {
		t.Errorf("the row says %s for %s", last.ChangeType, last.ChangeReason)
	}
	ledgerAdds(t, r)
}

// ledgerAdds holds the source to: opened = ended + open, whatever was looked at again.
func ledgerAdds(t *testing.T, r *rig) {
	t.Helper()
	open, err := r.store.Todo(context.Background(), "vtcnews", false)
	must(t, err)
	if len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
}

// TestASoftErrorPageWithdrawsNothing: a page of apology with status 200 in place of
// every article is neither news nor a withdrawal.
func TestASoftErrorPageWithdrawsNothing(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	p.set(func(p *press) {
		for _, path := range paths {
			p.edits[path] = func([]byte) []byte {
				return []byte(`<html><body><header><h1 class="font28">Hệ thống đang bảo trì</h1></header><span class="time-update">Xuất bản ngày 20/11/2026 06:39 AM</span>
					<div class="edittor-content"><p>Hệ thống đang được bảo trì để phục vụ bạn đọc tốt hơn. Mời bạn quay lại sau ít phút nữa, chúng tôi xin lỗi vì sự bất tiện này.</p></div></body></html>`)
			}
		}
	})
	r.later(t, time.Hour)
	report := r.later(t, 6*time.Hour)
	for _, path := range paths {
		if last, err := r.store.Latest(t.Context(), idOf(t, path)); err != nil || last.Revision != 1 {
			t.Errorf("%s: revision %d %s, %v", path, last.Revision, last.ChangeType, err)
		}
	}
	if report.Held != len(paths) {
		t.Errorf("held %d: %+v", report.Held, report)
	}
}

// TestWhatComesBackIsReadAgain: a withdrawn article that is there again, byte for byte
// as before, is a further revision.
func TestWhatComesBackIsReadAgain(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	p.set(func(p *press) { p.gone[paths[0]] = http.StatusNotFound })
	r.later(t, time.Hour)
	r.later(t, 6*time.Hour)
	p.set(func(p *press) { delete(p.gone, paths[0]) })
	r.later(t, 24*time.Hour)
	if last, err := r.store.Latest(t.Context(), idOf(t, paths[0])); err != nil || last.Revision != 3 || last.ChangeType != article.Changed {
		t.Errorf("revision %d %s, %v", last.Revision, last.ChangeType, err)
	}
}

// TestTwoThatAreGoneAreNotHeldForEver: on a quiet source two of two are too much at
// once, and after a week they are withdrawn all the same.
func TestTwoThatAreGoneAreNotHeldForEver(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	p.set(func(p *press) {
		for _, path := range paths {
			p.gone[path] = http.StatusNotFound
		}
	})
	r.later(t, time.Hour)
	withdrawn, held := 0, 0
	for range 10 {
		report := r.later(t, 25*time.Hour)
		withdrawn, held = withdrawn+report.Outcomes[article.Withdrawn], held+report.Held
	}
	if withdrawn != len(paths) || held == 0 {
		t.Errorf("%d of %d withdrawn, %d times held", withdrawn, len(paths), held)
	}
	ledgerAdds(t, r)
}
