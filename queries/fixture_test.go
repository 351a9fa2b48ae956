package queries_test

import (
	"cmp"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"attache/internal/article"
	"attache/sinks"
)

// sealed writes five days of drops, with all that readers stumble over: a correction, withdrawals of either kind, a
// reprint, a takedown whose superseded files were left behind, a day when nothing ran, one that
// is missing, late news, an archive's, and ledgers that lose things.
func sealed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	visit := article.Record{
		ArticleID: "vtcnews:ar1", Countries: []string{"JP", "VN"}, Acts: []string{"talks", "visit"}, Topic: topic(0.9),
		Content: article.Content{
			Title: "Bộ trưởng Quốc phòng Nhật Bản thăm Việt Nam", Lede: new("Hai bên đối thoại về an ninh biển."),
			BodyText: "Lễ đón diễn ra tại Hà Nội.\n\nHai bên ký kế hoạch ĐỐI  THOẠI quốc phòng.",
		},
	}
	veterans := article.Record{
		ArticleID: "vtcnews:ar2", Countries: []string{"LA", "VN"}, Acts: []string{"visit"}, Topic: topic(0.52),
		Content: article.Content{Title: "Đoàn cựu chiến binh Lào thăm Nghệ An"},
	}
	border := article.Record{
		ArticleID: "vietnamplus-en:12", Countries: []string{"CN", "VN"}, Acts: []string{"border", "talks"}, Topic: topic(0.8),
		Content: article.Content{Title: "Vietnam, China hold border defence talks", BodyText: "The talks were the second of the year."},
	}
	dialogue := article.Record{
		ArticleID: "vietnamnews:9", Countries: []string{"AU", "VN"}, Acts: []string{"dialogue"}, Topic: topic(0.7),
		Content: article.Content{Title: "Vietnam and Australia open a dialogue", BodyText: "What was said here must not be kept."},
	}
	taken := dialogue
	taken.Redact("court order")

	seal(t, dir, sinks.Manifest{DropDate: "2026-10-01", Running: true}, map[string]*article.Ledger{
		"vtcnews": {Opened: map[string]int{"new": 7}, Closed: map[article.Outcome]int{"stored": 2, "out_of_scope": 3, "failed": 1, "quarantined": 1}, Missing: []article.Missing{
			{Outcome: article.Failed, Reason: "404 Not Found", Count: 1, Example: "https://vtcnews.vn/a-ar3.html"},
			{Outcome: article.Quarantined, Reason: "no text", Count: 1, Example: "https://vtcnews.vn/b-ar4.html"},
		}},
		"vietnamplus-en": {Opened: map[string]int{"new": 9}, Closed: map[article.Outcome]int{"stored": 1, "out_of_scope": 1, "failed": 5, "blocked": 2}, Missing: []article.Missing{
			{Outcome: article.Failed, Reason: "404 Not Found", Count: 2, Example: "https://en.vietnamplus.vn/a.vnp"},
			{Outcome: article.Failed, Reason: "410 Gone", Count: 1, Example: "https://en.vietnamplus.vn/b.vnp"},
		}}, // not all reasons are named
		"vietnamvn-vi": nil, // watched, and there was nothing new
	},
		first(visit, "2026-10-01T02:00:00Z", 20*time.Minute),
		first(veterans, "2026-10-01T05:00:00Z", 10*time.Minute),
		first(article.Record{
			ArticleID: "vietnamplus-en:11", Countries: []string{"JP", "VN"}, Acts: []string{"talks"}, Topic: topic(0.8), SameStory: []string{"vtcnews:ar1"},
			Content: article.Content{Title: "Vietnam, Japan hold defence talks", BodyText: "The Japanese minister of defence is in Hanoi for a dialogue."},
		}, "2026-10-01T04:00:00Z", 30*time.Minute),
		first(article.Record{ // half past midnight in Hanoi, and still September in UTC
			ArticleID: "vietnamplus-zh:7", Countries: []string{"CN", "VN"}, Acts: []string{"patrol"}, Topic: topic(0.85),
			Content: article.Content{Title: "越中海军在北部湾开展联合巡逻", BodyText: "两国国防部举行会谈。"},
		}, "2026-09-30T17:30:00Z", 2*time.Hour),
		first(article.Record{ // the page gives the day only
			ArticleID: "urdupoint-ar:5", Countries: []string{"PK", "SA"}, Acts: []string{"exercise"}, Topic: topic(0.7),
			Content: article.Content{Title: "البحريتان الباكستانية والسعودية", BodyText: "مُناوَرات مشتركة.", PublishedPrecision: new("day")},
		}, "2026-09-30T19:00:00Z", 11*time.Hour))

	corrected := again(first(visit, "2026-10-01T02:00:00Z", 20*time.Minute), article.Changed, article.FromPublisher)
	corrected.Title = "Bộ trưởng Quốc phòng Nhật Bản thăm chính thức Việt Nam"
	second := []article.Record{
		corrected,
		again(first(veterans, "2026-10-01T05:00:00Z", 10*time.Minute), article.Removed, article.FromTopic),
		first(border, "2026-10-02T01:00:00Z", time.Hour),
		first(article.Record{
			ArticleID: "vietnamplus-en:13", Countries: []string{"CN", "VN"}, Acts: []string{"border", "talks"}, Topic: topic(0.8), DuplicateOf: new("vietnamplus-en:12"),
			Content: border.Content,
		}, "2026-10-02T03:00:00Z", 3*time.Hour),
	}
	ledgers := map[string]*article.Ledger{
		"vtcnews": {Opened: map[string]int{"new": 4, "revisit": 2}, Closed: map[article.Outcome]int{"revised": 1, "withdrawn": 1, "out_of_scope": 2}, CarriedOut: 2},
	}
	seal(t, dir, sinks.Manifest{DropDate: "2026-10-02", Running: true}, ledgers, append(second, first(dialogue, "2026-10-02T02:00:00Z", time.Hour))...)
	seal(t, dir, sinks.Manifest{DropDate: "2026-10-02", Running: true, Rev: 1, Supersedes: new(0), Reason: "takedown"}, ledgers,
		append(second, first(taken, "2026-10-02T02:00:00Z", time.Hour))...)

	day := sinks.Window{From: instant("2026-10-02T17:00:00Z"), To: instant("2026-10-03T17:00:00Z")}
	seal(t, dir, sinks.Manifest{DropDate: "2026-10-03", Gaps: []sinks.Gap{{Window: day, Note: "nothing ran"}}}, nil)

	archived := first(article.Record{
		ArticleID: "urdupoint-ar:6", Countries: []string{"JO", "PK"}, Acts: []string{"talks", "visit"}, Topic: topic(0.6), Backfilled: true,
		Content: article.Content{Title: "رئيس هيئة الأركان الأردنية في إسلام آباد"},
	}, "2026-10-05T06:00:00Z", 0)
	archived.PublishedAt = nil
	seal(t, dir, sinks.Manifest{DropDate: "2026-10-05", Running: true, Begins: true, Gaps: []sinks.Gap{{
		Window: sinks.Window{From: instant("2026-10-04T20:00:00Z"), To: instant("2026-10-04T23:00:00Z")}, Source: "vtcnews", Note: "lists moved on",
	}}}, map[string]*article.Ledger{
		"vtcnews":     {CarriedIn: 2, Closed: map[article.Outcome]int{"blocked": 2}, Missing: []article.Missing{{Outcome: article.Blocked, Reason: "robots.txt", Count: 2, Example: "https://vtcnews.vn/c-ar5.html"}}},
		"vietnamnews": {Opened: map[string]int{"new": 2}, Closed: map[article.Outcome]int{"stored": 1}}, // one was lost
	},
		again(first(border, "2026-10-02T01:00:00Z", time.Hour), article.Removed, article.FromPublisher),
		archived,
		first(article.Record{ // retells the English text, which retells the Vietnamese one
			ArticleID: "vietnamvn-ar:visit", Countries: []string{"JP", "VN"}, Acts: []string{"visit"}, Topic: topic(0.75), SameStory: []string{"vietnamplus-en:11"},
			Content: article.Content{Title: "وزير الدفاع الياباني يزور فيتنام"},
		}, "2026-10-05T00:30:00Z", time.Hour),
		first(article.Record{
			ArticleID: "vietnamnews:10", Countries: []string{"AU", "GB", "VN"}, Acts: []string{"dialogue", "talks"}, Topic: topic(0.55),
			Content: article.Content{Title: "Three navies compare notes", Extractor: article.Extractor{Kind: article.ByFallback}},
		}, "2026-10-05T01:00:00Z", 45*time.Minute))
	return dir
}

func topic(score float64) article.Topic { return article.Topic{Score: score} }

func instant(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}

// first is r as it was first read, so long after it was published.
func first(r article.Record, published string, late time.Duration) article.Record {
	at := instant(published)
	r.Revision, r.ChangeType, r.ChangeReason = 1, article.Added, article.FromPublisher
	r.PublishedAt, r.FirstSeenAt, r.FetchedAt = &at, at.Add(late), at.Add(late)
	r.PublishedPrecision = cmp.Or(r.PublishedPrecision, new("minute"))
	r.Extractor.Kind = cmp.Or(r.Extractor.Kind, article.ByRules)
	r.URL = "https://news.example/" + r.ArticleID
	r.CanonicalURL, r.SchemaVersion, r.BodySHA256 = r.URL, article.SchemaVersion, article.SHA256(r.BodyText)
	for i, c := range r.ArticleID {
		if c == ':' {
			r.Source = r.ArticleID[:i]
		}
	}
	return r
}

// again is the second revision of r.
func again(r article.Record, change article.ChangeType, reason article.ChangeReason) article.Record {
	r.Revision, r.ChangeType, r.ChangeReason = 2, change, reason
	return r
}

// seal writes a drop as attache lays it out.
func seal(t *testing.T, dir string, m sinks.Manifest, ledgers map[string]*article.Ledger, rows ...article.Record) {
	t.Helper()
	slices.SortFunc(rows, func(a, b article.Record) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), published(a).Compare(published(b)), cmp.Compare(a.ArticleID, b.ArticleID))
	})
	m.Version, m.SchemaVersion, m.Zone = sinks.ManifestVersion, article.SchemaVersion, "Asia/Ho_Chi_Minh"
	m.Rows, m.Sources = int64(len(rows)), map[string]sinks.SourceCount{}
	for source, l := range ledgers {
		m.Sources[source] = sinks.SourceCount{Ledger: l, Watched: true}
	}
	for _, r := range rows {
		s := m.Sources[r.Source]
		s.Rows++
		m.Sources[r.Source] = s
	}
	if len(rows) > 0 {
		m.Files = []sinks.ManifestFile{
			data(t, dir, m, sinks.FormatJSONL, sinks.JSONLKey, sinks.WriteJSONL, rows),
			data(t, dir, m, sinks.FormatParquet, sinks.ParquetKey, sinks.WriteParquet, rows),
		}
	}
	manifest, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, sinks.ManifestKey(m.DropDate, m.Rev))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, manifest, 0o600)); err != nil {
		t.Fatal(err)
	}
}

func published(r article.Record) time.Time {
	if r.PublishedAt == nil {
		return time.Time{}
	}
	return *r.PublishedAt
}

func data(t *testing.T, dir string, m sinks.Manifest, format string, key func(date string, rev, part int, sha string) string,
	write func(string, iter.Seq2[[]byte, error]) (sinks.File, error), rows []article.Record,
) sinks.ManifestFile {
	t.Helper()
	f, err := write(filepath.Join(dir, "part"), func(yield func([]byte, error) bool) {
		for _, r := range rows {
			if !yield(r.JSON()) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	k := key(m.DropDate, m.Rev, 0, f.SHA256)
	path := filepath.Join(dir, k)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.Rename(f.Path, path)); err != nil {
		t.Fatal(err)
	}
	return sinks.ManifestFile{Key: k, Bytes: f.Bytes, SHA256: f.SHA256, Rows: f.Rows, Format: format}
}
