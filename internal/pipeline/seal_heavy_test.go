//go:build heavy

package pipeline

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/sinks"
)

// stuffed puts n articles of some 4 KB of text into the open drop, past the pipeline.
func stuffed(t *testing.T, r *rig, date string, n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+r.file+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	must(t, err)
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	insert, err := tx.PrepareContext(t.Context(), `INSERT INTO revisions (article_id, revision, source, drop_date, published_at, fingerprint, record) VALUES (?, 1, ?, ?, ?, 'f', ?)`)
	must(t, err)
	defer insert.Close()
	words := strings.Fields("The two ministries agreed on training exchange visits of naval ships and a working group for peacekeeping hai bên nhất trí trao đổi đoàn hợp tác quốc phòng biên giới diễn tập chung")
	var body strings.Builder
	for i := range n {
		body.Reset()
		for w := 0; body.Len() < 4<<10; w++ {
			body.WriteString(words[(i*7+w*w+w)%len(words)])
			body.WriteByte(' ')
			fmt.Fprint(&body, (i*31+w*17)%9973, " ")
		}
		source := fmt.Sprintf("source-%02d", i%15)
		published := r.clock.now().Add(-time.Duration(i) * time.Second)
		a := article.Record{
			ArticleID: article.ID(source, date+"-"+strconv.Itoa(i)), Revision: 1, ChangeType: article.Added, ChangeReason: article.FromPublisher, Source: source,
			URL: fmt.Sprintf("https://news.example.org/%d", i), CanonicalURL: fmt.Sprintf("https://news.example.org/%d", i), FirstSeenAt: published, FetchedAt: published,
			Content:   article.Content{Title: fmt.Sprintf("Defence talks, round %d", i), BodyText: body.String(), Language: "en", PublishedAt: &published},
			Countries: []string{"LA", "VN"}, Acts: []string{"talks"}, BodySHA256: article.SHA256(body.String()), RunID: "r", SchemaVersion: article.SchemaVersion,
		}
		a.Extractor.Kind = article.ByRules
		text, err := a.JSON()
		must(t, err)
		_, err = insert.ExecContext(t.Context(), a.ArticleID, source, date, published.UnixMicro(), text)
		must(t, err)
	}
	must(t, tx.Commit())
}

var highest = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory this process ever had, MB.
func peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	must(t, err)
	kb, err := strconv.Atoi(highest.FindStringSubmatch(string(status))[1])
	must(t, err)
	return kb >> 10
}

// TestSealMemoryStaysFlat seals a day of ATTACHE_ROWS articles (50,000) after one of a
// fifth of it, reads everything back, and compares the most memory that took.
func TestSealMemoryStaysFlat(t *testing.T) {
	rows := 50_000
	if n := os.Getenv("ATTACHE_ROWS"); n != "" {
		var err error
		rows, err = strconv.Atoi(n)
		must(t, err)
	}
	r := newRig(t, made(t, settings()))
	seal := func(date, next string, n int) int {
		stuffed(t, r, date, n)
		r.clock.step(24 * time.Hour)
		began := time.Now()
		manifests, err := r.Seal(t.Context(), next)
		must(t, err)
		if len(manifests) != 1 || manifests[0].Rows != int64(n) {
			t.Fatalf("sealed %d drops", len(manifests))
		}
		most := peak(t)
		for _, f := range manifests[0].Files {
			t.Logf("%s: %d MB", f.Format, f.Bytes>>20)
		}
		t.Logf("%d articles sealed and read back in %.1f s; the most memory so far is %d MB", n, time.Since(began).Seconds(), most)
		return most
	}
	small := seal(today, tomorrow, rows/5)
	large := seal(tomorrow, "2026-11-23", rows)
	if large >= 300 || large > small*5/4+20 {
		t.Errorf("%d articles took %d MB, %d took %d MB", rows/5, small, rows, large)
	}
	if report, err := sinks.Verify(t.Context(), r.Bucket, tomorrow); !report.OK || err != nil {
		t.Errorf("%+v, %v", report.Findings, err)
	}
}
