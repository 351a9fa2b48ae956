package pipeline

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/sinks"
)

const why = "by order of a court"

// taken is a rig whose first day is sealed and whose second is open, with one article
// of each chosen to be taken down.
func taken(t *testing.T) (r *rig, first, second string) {
	t.Helper()
	r = capturing(t)
	r.run(t, "vtcnews")
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	r.clock.step(24 * time.Hour)
	r.run(t, "qk7")
	must(t, r.LandCaptures(t.Context()))
	return r, wanted(source(t, "vtcnews"))[1], wanted(source(t, "qk7"))[0]
}

// words are some that only this article has: its title, and the end of its text.
func words(t *testing.T, r *rig, id string) [][]byte {
	t.Helper()
	last, err := r.store.Latest(t.Context(), id)
	must(t, err)
	ending := []rune(last.BodyText)
	return [][]byte{[]byte(last.Title), []byte(string(ending[len(ending)-60:]))}
}

// holding are the objects and files in which the words stand, packed or not. In
// captures it is the text that counts: lists and other articles name its title, too.
func holding(t *testing.T, r *rig, words [][]byte) (found []string) {
	t.Helper()
	look := func(name string, text []byte) {
		for i, w := range words {
			if captured := strings.HasPrefix(name, "v1/raw/"); captured && i == 0 && len(words) > 1 {
				continue
			}
			if bytes.Contains(text, w) {
				found = append(found, name)
				return
			}
		}
	}
	objects, err := r.Bucket.List(t.Context(), "v1/")
	must(t, err)
	for _, o := range objects {
		body, err := r.Bucket.Get(t.Context(), o.Key)
		must(t, err)
		text, err := io.ReadAll(body)
		must(t, errors.Join(err, body.Close()))
		look(o.Key, unpacked(t, o.Key, text))
	}
	for _, file := range []string{r.file, r.file + "-wal"} {
		text, err := os.ReadFile(file)
		must(t, err)
		look(file, text)
	}
	for _, name := range r.spool(t) {
		look(name, []byte(name)) // nothing may be left there at all
	}
	return found
}

func unpacked(t *testing.T, key string, text []byte) []byte {
	t.Helper()
	switch {
	case strings.HasSuffix(key, ".warc.gz"):
		var all []byte
		for records := warc.NewReader(bytes.NewReader(text), maxCapture); ; {
			record, err := records.Next()
			if errors.Is(err, io.EOF) {
				return all
			}
			must(t, err)
			if record.Type == "response" {
				answer, err := record.Exchange()
				must(t, err)
				page, err := answer.Decoded(1 << 20)
				must(t, err)
				all = append(all, html.UnescapeString(string(page))...)
			}
		}
	case strings.HasSuffix(key, ".gz"):
		in, err := gzip.NewReader(bytes.NewReader(text))
		must(t, err)
		text, err = io.ReadAll(in)
		must(t, err)
	case strings.HasSuffix(key, ".parquet"):
		var all []byte
		for row, err := range sinks.ReadParquet(bytes.NewReader(text), int64(len(text)), maxRow) {
			must(t, err)
			all = append(all, row...)
		}
		return all
	}
	return text
}

// TestATakedownLeavesNoWord breaks a takedown off at each of its steps; the next seal
// ends it.
func TestATakedownLeavesNoWord(t *testing.T) {
	t.Parallel()
	for name, dies := range map[string]string{
		"in one go": "", "asked": "after TakeDown", "a revision intended": "after Intend", "a revision sealed": "before Sealed",
		"a live part gone": "before Removed", "erased, not noted": "before Erased", "not landed again": "before Landed",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, first, second := taken(t)
			for _, id := range []string{first, second} {
				w := words(t, r, id)
				if had := holding(t, r, w); len(had) < 3 {
					t.Fatalf("before it stands in %q", had)
				}
				cut(t, r, dies, func() error {
					_, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: id, Reason: why})
					return err
				})
				r.clock.step(2 * time.Minute) // a landing that failed is tried again
				must(t, r.Sweep(t.Context()))
				_, err := r.Seal(t.Context(), tomorrow)
				must(t, err)
				must(t, r.Land(t.Context()))
				if left := holding(t, r, w); len(left) != 0 {
					t.Errorf("%s still stands in %q", id, left)
				}
			}
			r.clock.step(24 * time.Hour)
			_, err := r.Seal(t.Context(), "2026-11-23")
			must(t, err)
			verified(t, r.Bucket)
			same(t, "the first day", sealed(t, r.Bucket, today), wanted(source(t, "vtcnews")))
			same(t, "the second day", sealed(t, r.Bucket, tomorrow), wanted(source(t, "qk7")))
			for _, date := range []string{today, tomorrow} {
				for _, row := range rows(t, r.Bucket, sinks.JSONLPrefix(date)) {
					gone := row.ArticleID == first || row.ArticleID == second
					if gone != (row.BodyText == "") || gone && (len(row.Quality) != 1 || row.Quality[0].Note != "redacted: "+why || row.RawRef != nil) {
						t.Errorf("%s: %+v", row.ArticleID, row)
					}
				}
			}
			if problems, err := r.store.Check(t.Context()); len(problems) != 0 || err != nil {
				t.Errorf("the store is not sound: %q, %v", problems, err)
			}
		})
	}
}

// cut lets a process die at one step of the work.
func cut(t *testing.T, r *rig, dies string, work func() error) {
	t.Helper()
	die := func(when string) func(op, about string) error {
		return func(op, _ string) error {
			if dies == when+" "+op {
				return errDies
			}
			return nil
		}
	}
	r.Store = hooked{Store: r.store, before: die("before"), after: die("after")}
	err := work()
	r.Store = r.store
	if err != nil && !errors.Is(err, errDies) {
		t.Fatal(err)
	}
}

// TestWhatIsTakenDownIsNotReadAgain: neither by a visit nor from its captures.
func TestWhatIsTakenDownIsNotReadAgain(t *testing.T) {
	t.Parallel()
	r, p, _ := again(t)
	id := wanted(source(t, "vtcnews"))[0]
	_, err := r.TakeDown(t.Context(), store.Takedown{ArticleID: id, Reason: why})
	must(t, err)
	p.set(func(p *press) { p.asked = nil })
	report := r.later(t, time.Hour)
	if report.Outcomes[article.Blocked] != 0 || report.Outcomes[article.Revised] != 0 {
		t.Errorf("%+v", report.Outcomes)
	}
	for _, q := range p.asked {
		if strings.Contains(q.path, strings.TrimPrefix(id, "vtcnews:")) {
			t.Errorf("%s was asked for", q.path)
		}
	}
	// An address that was open when it was taken down is closed without a visit.
	_, err = r.store.OpenNew(t.Context(), "vtcnews", []store.Listed{{ArticleID: "vtcnews:ar1", URL: "https://vtcnews.vn/a-ar1.html"}}, nil)
	must(t, err)
	must(t, r.store.TakeDown(t.Context(), store.Takedown{ArticleID: "vtcnews:ar1", Reason: why}, nil))
	if report := r.later(t, time.Minute); report.Outcomes[article.Blocked] != 1 {
		t.Errorf("%+v", report.Outcomes)
	}
}

// TestATakedownFindsWhatTheStoreHasLetGo: a revision that another followed is in its
// drop only.
func TestATakedownFindsWhatTheStoreHasLetGo(t *testing.T) {
	t.Parallel()
	r, p, paths := again(t)
	_, err := r.Seal(t.Context(), tomorrow)
	must(t, err)
	p.set(func(p *press) {
		p.edits[paths[0]] = func(page []byte) []byte {
			return bytes.ReplaceAll(page, []byte("</h1>"), []byte(" (cập nhật)</h1>"))
		}
	})
	r.later(t, 24*time.Hour)
	_, err = r.Seal(t.Context(), "2026-11-23")
	must(t, err)
	done, err := r.store.Prune(t.Context(), store.Ages{Items: 400 * 24 * time.Hour, Runs: time.Hour, FailedRuns: time.Hour})
	must(t, err)
	if done.Revisions == 0 {
		t.Fatal("nothing was let go")
	}
	var id string
	for _, row := range rows(t, r.Bucket, sinks.JSONLPrefix(tomorrow)) {
		id = row.ArticleID
	}
	w := words(t, r, id)
	manifests, err := r.TakeDown(context.WithoutCancel(t.Context()), store.Takedown{ArticleID: id, Reason: why})
	must(t, err)
	if len(manifests) != 2 {
		t.Errorf("%d days were sealed anew", len(manifests))
	}
	if left := holding(t, r, [][]byte{w[1]}); len(left) != 0 {
		t.Errorf("it still stands in %q", left)
	}
	verified(t, r.Bucket)
}
