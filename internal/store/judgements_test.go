package store

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"attache/internal/article"
)

func judged(t *testing.T, s *Store, source string, from, to time.Time) (list []Judgement) {
	t.Helper()
	for j, err := range s.Judgements(t.Context(), source, from, to) {
		must(t, err)
		list = append(list, j)
	}
	return list
}

func TestJudgements(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	began := c.now()
	score := func(x float64) *float64 { return &x }
	_, err := s.OpenNew(t.Context(), "qk7", []Listed{
		{ArticleID: "qk7:1", URL: "https://example.org/1"}, {ArticleID: "qk7:2", URL: "https://example.org/2"}, {ArticleID: "qk7:3", URL: "https://example.org/3"},
	}, nil)
	must(t, err)
	_, err = s.OpenNew(t.Context(), "vietnamvn-vi", []Listed{
		{ArticleID: "vietnamvn-vi:a", URL: "https://example.org/a", Screened: "by its title", Judgement: Judgement{Title: "Giá vàng", Language: "vi"}},
	}, nil)
	must(t, err)
	items := todo(t, s, "qk7")
	signals := []article.Signal{{Kind: "act", Text: "thăm", Place: "title"}}
	raw := &article.RawRef{Segment: "v1/raw/x.warc.gz", Offset: 0}
	must(t, s.EndOutside(t.Context(), items[0], "topic score 0.31", Judgement{Score: score(0.31), Threshold: 0.5, Title: strings.Repeat("ấ", 200), Language: "vi", Signals: signals, Raw: raw}))
	must(t, s.EndOutside(t.Context(), items[1], "topic score 0.00", Judgement{Score: score(0), Threshold: 0.5, Title: "Cakes", Language: "en"}))
	must(t, s.EndOutside(t.Context(), items[2], "topic score 0.40", Judgement{Score: score(0.4), Threshold: 0.5, Title: "Before", Language: "en"}))
	if err := s.EndOutside(t.Context(), items[0], "again", Judgement{}); err == nil {
		t.Error("it ended twice")
	}

	c.step(time.Hour)
	now := c.now()
	list := judged(t, s, "", began, now)
	if len(list) != 4 {
		t.Fatalf("%d are kept out: %+v", len(list), list)
	}
	first := list[0]
	if first.ArticleID != "qk7:1" || *first.Score != 0.31 || first.Threshold != 0.5 || !slices.Equal(first.Signals, signals) || *first.Raw != *raw || !first.At.Equal(began) || first.URL != "https://example.org/1" {
		t.Errorf("%+v", first)
	}
	if len(first.Title) > maxTitle+len("…") || !utf8.ValidString(first.Title) || !strings.HasSuffix(first.Title, "ấ…") {
		t.Errorf("a long title is kept as %q", first.Title)
	}
	if last := list[3]; last.Source != "vietnamvn-vi" || last.Score != nil || last.Title != "Giá vàng" || last.Raw != nil {
		t.Errorf("by its title: %+v", last)
	}
	if n := len(judged(t, s, "qk7", began, now)); n != 3 {
		t.Errorf("%d of one source", n)
	}
	if n := len(judged(t, s, "", now, now.Add(time.Hour))); n != 0 {
		t.Errorf("%d an hour later", n)
	}

	// A later look keeps one, and judges another anew.
	_, err = s.w.ExecContext(t.Context(), `INSERT INTO items (article_id, source, kind, url, opened_at) VALUES ('qk7:3', 'qk7', 'revisit', 'https://example.org/3', ?1), ('qk7:1', 'qk7', 'revisit', 'https://example.org/1', ?1)`, micros(now))
	must(t, err)
	items = todo(t, s, "qk7")
	_, err = s.Keep(t.Context(), items[0], page(items[0], "They met."), Telling{})
	must(t, err)
	must(t, s.EndOutside(t.Context(), items[1], "topic score 0.45", Judgement{Score: score(0.45), Threshold: 0.5, Title: "Now", Language: "en"}))
	c.step(time.Hour)
	titles := []string{}
	for _, j := range judged(t, s, "qk7", began, c.now()) {
		titles = append(titles, j.Title)
	}
	if !slices.Equal(titles, []string{"Cakes", "Now"}) {
		t.Errorf("left are %q", titles)
	}
	if list := judged(t, s, "qk7", began, now); len(list) != 2 || list[0].ArticleID != "qk7:1" {
		t.Errorf("of the first hour: %+v", list)
	}

	// What was taken down leaves no title behind.
	must(t, s.TakeDown(t.Context(), Takedown{ArticleID: "qk7:3", Reason: "by order"}, nil))
	var left int
	must(t, s.r.QueryRowContext(t.Context(), `SELECT count(*) FROM judgements WHERE title = 'Before'`).Scan(&left))
	if left != 0 {
		t.Error("the title of what was taken down is kept")
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	keep := func(text string) {
		t.Helper()
		item := todo(t, s, "qk7")[0]
		_, err := s.Keep(t.Context(), item, page(item, text), Telling{})
		must(t, err)
	}
	_, err := s.OpenNew(t.Context(), "qk7", []Listed{{ArticleID: "qk7:1", URL: "u"}, {ArticleID: "qk7:2", URL: "u"}}, nil)
	must(t, err)
	keep("first")
	keep("second")
	c.step(24 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	_, err = s.w.ExecContext(t.Context(), `INSERT INTO items (article_id, source, kind, url, opened_at) VALUES ('qk7:1', 'qk7', 'revisit', 'u', ?)`, micros(c.now()))
	must(t, err)
	keep("first, mended")
	for _, q := range []struct {
		source, from, to string
		want             []string
	}{
		{"", "2026-11-20", "2026-11-22", []string{"second", "first, mended"}},
		{"qk7", "2026-11-21", "2026-11-22", []string{"first, mended"}},
		{"vtcnews", "2026-11-20", "2026-11-22", nil},
	} {
		var got []string
		let := 0
		for r, err := range s.Last(t.Context(), q.source, q.from, q.to, &let) {
			must(t, err)
			got = append(got, r.BodyText)
		}
		if !slices.Equal(got, q.want) || let != 0 {
			t.Errorf("%+v: %q, %d let go", q, got, let)
		}
	}
	_, err = s.w.ExecContext(t.Context(), `UPDATE revisions SET record = x'' WHERE article_id = 'qk7:2'`)
	must(t, err)
	let := 0
	for _, err := range s.Last(t.Context(), "", "2026-11-20", "2026-11-22", &let) {
		must(t, err)
	}
	if let != 1 {
		t.Errorf("%d let go", let)
	}
}
