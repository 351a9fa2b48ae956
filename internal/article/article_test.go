package article_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

// Readers of records count on every key, whatever is known.
func TestJSONHasEveryKey(t *testing.T) {
	t.Parallel()
	const want = `{"article_id":"","revision":0,"change_type":"","change_reason":"","source":"","url":"","canonical_url":"",` +
		`"title":"","lede":null,"body_text":"","language":"","authors":[],"section":null,"tags":[],"images":[],` +
		`"published_at":null,"published_precision":null,"published_raw":null,"published_zone":null,"modified_at":null,` +
		`"attribution":null,"extractor":{"kind":"","rules_version":"","fields":[]},"quality":[],` +
		`"first_seen_at":"0001-01-01T00:00:00Z","fetched_at":"0001-01-01T00:00:00Z","backfilled":false,` +
		`"countries":[],"acts":[],"topic":{"score":0,"signals":[]},"duplicate_of":null,"same_story":[],` +
		`"body_sha256":"","raw_ref":null,"run_id":"","schema_version":""}`
	got, err := new(article.Record).JSON()
	if err != nil || string(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}

func TestJSONValues(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 8, 25, 11, 31, 22, 123456789, time.FixedZone("", 7*3600))
	r := article.Record{FetchedAt: at}
	r.PublishedAt = &at
	r.Title = "Việt Nam & Lào <b> \u2028"
	r.Images = []article.Image{{URL: "https://x.example/a?b=1&c=2"}}
	got, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back article.Record
	for _, part := range []string{
		`"title":"Việt Nam & Lào <b> \u2028"`, `"images":[{"url":"https://x.example/a?b=1&c=2","caption":null,"credit":null}]`,
		`"published_at":"2026-08-25T04:31:22.123456Z"`, `"fetched_at":"2026-08-25T04:31:22.123456Z"`,
	} {
		if !strings.Contains(string(got), part) {
			t.Errorf("%s lacks %s", got, part)
		}
	}
	if strings.Contains(string(got), "\n") {
		t.Errorf("more than one line: %s", got)
	}
	if err := json.Unmarshal(got, &back); err != nil || back.Title != r.Title {
		t.Errorf("read back: %q, %v", back.Title, err)
	}
	if r.Authors != nil || r.PublishedAt != &at {
		t.Error("writing a record changed it")
	}
}

// A revision is made when the fingerprint moves.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 8, 25, 4, 31, 22, 0, time.UTC)
	text := func(s string) *string { return &s }
	base := func() article.Content {
		return article.Content{Title: "T", Lede: text("L"), BodyText: "One.\n\nTwo.", PublishedAt: &at}
	}
	of := func(change func(*article.Content)) string {
		c := base()
		change(&c)
		return c.Fingerprint()
	}
	same := of(func(*article.Content) {})
	for name, c := range map[string]struct {
		change  func(*article.Content)
		revises bool
	}{
		"title":                    {func(c *article.Content) { c.Title = "T." }, true},
		"lede":                     {func(c *article.Content) { c.Lede = text("L.") }, true},
		"lede gone":                {func(c *article.Content) { c.Lede = nil }, true},
		"body":                     {func(c *article.Content) { c.BodyText = "One.\n\nTwo!" }, true},
		"paragraphs cut otherwise": {func(c *article.Content) { c.BodyText = "One. Two." }, true},
		"published":                {func(c *article.Content) { c.PublishedAt = new(at.Add(time.Second)) }, true},
		"published gone":           {func(c *article.Content) { c.PublishedAt = nil }, true},
		"words moved to the lede":  {func(c *article.Content) { c.Title, c.Lede = "", text("TL") }, true},
		"published, another zone":  {func(c *article.Content) { c.PublishedAt = new(at.In(time.FixedZone("", 7*3600))) }, false},
		"published, as printed":    {func(c *article.Content) { c.PublishedRaw, c.PublishedZone = text("25/08"), text("+07:00") }, false},
		"modified":                 {func(c *article.Content) { c.ModifiedAt = &at }, false},
		"tags":                     {func(c *article.Content) { c.Tags = []string{"x"} }, false},
		"authors":                  {func(c *article.Content) { c.Authors = []string{"x"} }, false},
		"section":                  {func(c *article.Content) { c.Section = text("x") }, false},
		"images":                   {func(c *article.Content) { c.Images = []article.Image{{URL: "x"}} }, false},
		"attribution":              {func(c *article.Content) { c.Attribution = &article.Attribution{Text: "x"} }, false},
		"how it was read":          {func(c *article.Content) { c.Extractor.RulesVersion, c.Quality = "x", []article.Note{{}} }, false},
	} {
		if got := of(c.change); (got != same) != c.revises {
			t.Errorf("%s: a new fingerprint: %v, want %v", name, got != same, c.revises)
		}
	}
}

func TestOutcomesAreClosed(t *testing.T) {
	t.Parallel()
	seen := map[article.Outcome]bool{}
	for _, o := range article.Outcomes {
		if seen[o] || !o.Valid() {
			t.Errorf("%q: twice, or not valid", o)
		}
		seen[o] = true
	}
	for _, o := range []article.Outcome{"", "Stored", "lost"} {
		if o.Valid() {
			t.Errorf("%q is no outcome", o)
		}
	}
}

func TestWhatIsNoUTF8(t *testing.T) {
	t.Parallel()
	r := article.Record{Content: article.Content{Title: "a\xffb", BodyText: `c\ufffd`}}
	text, err := r.JSON()
	if err != nil || !strings.Contains(string(text), `"title":"a`+"\uFFFD"+`b"`) || !strings.Contains(string(text), `"body_text":"c\\ufffd"`) {
		t.Errorf("%v\n%s", err, text)
	}
}
