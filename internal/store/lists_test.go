package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"attache/internal/article"
)

// TestAddressesAndValidatorsTogether: of a transaction that fails, neither stays.
func TestAddressesAndValidatorsTogether(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "")
	const feed = "https://vtcnews.vn/rss/thoi-su.rss"
	held := func(want string) {
		t.Helper()
		if got, err := s.Held(t.Context(), "vtcnews", feed, feed); string(got) != want || err != nil {
			t.Errorf("held %q, %v; want %q", got, err, want)
		}
	}
	listed := []Listed{{ArticleID: "vtcnews:ar1", URL: "https://vtcnews.vn/a-ar1.html"}}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.OpenNew(ended, "vtcnews", listed, Lists{feed: {feed: []byte(`{"etag":"1"}`)}}); err == nil {
		t.Fatal("an ended context changed the store")
	}
	held("")
	for _, state := range []string{`{"etag":"1"}`, `{"etag":"2"}`} {
		_, err := s.OpenNew(t.Context(), "vtcnews", listed, Lists{feed: {feed: []byte(state)}})
		must(t, err)
		held(state)
	}
	// The list of another source at the same address is another.
	if got, err := s.Held(t.Context(), "qk7", feed, feed); got != nil || err != nil {
		t.Errorf("held for another: %q, %v", got, err)
	}
	_, err := s.OpenNew(t.Context(), "vtcnews", nil, Lists{feed: nil})
	must(t, err)
	held("")
}

func TestScreenedOutIsInTheLedger(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	n, err := s.OpenNew(t.Context(), "vietnamvn-vi", []Listed{
		{ArticleID: "vietnamvn-vi:a", URL: "https://www.vietnam.vn/a", Screened: `its title says nothing of defence: "Giá vàng hôm nay"`},
		{ArticleID: "vietnamvn-vi:b", URL: "https://www.vietnam.vn/b", As: "https://m.vietnam.vn/b?utm_source=x"},
	}, nil)
	if n != (Opened{2, 1}) || err != nil {
		t.Fatal(n, err)
	}
	if got := todo(t, s, "vietnamvn-vi"); len(got) != 1 || got[0].ArticleID != "vietnamvn-vi:b" {
		t.Errorf("to do: %+v", got)
	}
	var outcome, reason, alias string
	must(t, s.r.QueryRowContext(t.Context(), `SELECT outcome, reason FROM items WHERE article_id = 'vietnamvn-vi:a' AND closed_at = ?`, micros(c.now())).Scan(&outcome, &reason))
	if outcome != string(article.OutOfScope) || reason == "" {
		t.Errorf("ended as %s: %s", outcome, reason)
	}
	must(t, s.r.QueryRowContext(t.Context(), `SELECT address FROM aliases WHERE article_id = 'vietnamvn-vi:b'`).Scan(&alias))
	if alias != "https://m.vietnam.vn/b?utm_source=x" {
		t.Errorf("alias %s", alias)
	}
}

// TestAnAddressThatIsNewWithEachLook: some lists count their readers in the address.
func TestAnAddressThatIsNewWithEachLook(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "")
	for n := range 3 * mostAliases {
		_, err := s.OpenNew(t.Context(), "qk7", []Listed{{ArticleID: "qk7:a", URL: "https://qk7.vn/a", As: fmt.Sprint("https://qk7.vn/a?look=", n)}}, nil)
		must(t, err)
	}
	if known, err := s.Addresses(t.Context(), "qk7:a"); len(known) != 1+mostAliases || err != nil {
		t.Errorf("%d addresses are kept, %v", len(known), err)
	}
}

func TestBackoffsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	must(t, s.SetBackoff(t.Context(), "old.example", Backoff{Until: c.now().Add(-25 * time.Hour), Step: time.Minute, Reason: "503"}))
	want := Backoff{Until: c.now().Add(4 * time.Minute), Step: 4 * time.Minute, Reason: "429"}
	must(t, s.SetBackoff(t.Context(), "vtcnews.vn", Backoff{Until: c.now(), Step: time.Minute, Reason: "503"}))
	must(t, s.SetBackoff(t.Context(), "vtcnews.vn", want))
	if got, err := s.Backoff(t.Context(), "vtcnews.vn"); got != want || err != nil {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	must(t, s.SetBackoff(t.Context(), "vtcnews.vn", Backoff{}))
	for _, host := range []string{"vtcnews.vn", "qk7.vn", "old.example"} {
		if got, err := s.Backoff(t.Context(), host); got != (Backoff{}) || err != nil {
			t.Errorf("%s: %+v, %v", host, got, err)
		}
	}
}

func TestBackfillGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	begin := func() int64 {
		t.Helper()
		id, err := s.Backfill(t.Context(), "vtcnews", "2026-09-01", "2026-09-30")
		must(t, err)
		return id
	}
	id := begin()
	const list = "https://vtcnews.vn/sitemap-2026-9.xml"
	known := item(t, s, "vtcnews", "ar1")
	n, err := s.OpenArchived(t.Context(), id, "vtcnews", list, []Listed{{ArticleID: known.ArticleID, URL: known.URL}, {ArticleID: "vtcnews:ar2", URL: "https://example.org/ar2"}})
	if n != (Opened{All: 1}) || err != nil {
		t.Fatal(n, err)
	}
	if again := begin(); again != id {
		t.Errorf("begun again as %d, was %d", again, id)
	}
	for address, want := range map[string]bool{list: true, "https://vtcnews.vn/sitemap-2026-8.xml": false} {
		if read, err := s.BackfillRead(t.Context(), id, address); read != want || err != nil {
			t.Errorf("%s read: %v, %v", address, read, err)
		}
	}
	archived, err := s.Todo(t.Context(), "vtcnews", true)
	if len(archived) != 1 || archived[0].Kind != "backfill" || err != nil {
		t.Errorf("of the archive: %+v, %v", archived, err)
	}
	if got := todo(t, s, "vtcnews"); len(got) != 1 || got[0].ArticleID != known.ArticleID {
		t.Errorf("of the news: %+v", got)
	}
	must(t, s.EndBackfill(t.Context(), id))
	if s.EndBackfill(t.Context(), id) == nil {
		t.Error("it ended twice")
	}
	if again := begin(); again == id {
		t.Error("what has ended goes on")
	}
}
