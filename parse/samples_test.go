package parse_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"attache/internal/article"
	"attache/parse"
	"attache/seeds"
)

// expected is what a careful reader wrote down of a real page before any parser
// saw it. The page's words are not ours to publish: texts stand as fingerprints.
type expected struct {
	Page       string        `yaml:"page"`
	Source     string        `yaml:"source"`
	URL        string        `yaml:"url"`
	Title      fingerprint   `yaml:"title"`
	Lede       fingerprint   `yaml:"lede"`
	Paragraphs []fingerprint `yaml:"paragraphs"`
	Published  struct{ At, Zone string }
	Modified   string   `yaml:"modified"`
	Authors    []string `yaml:"authors"`
	Section    string   `yaml:"section"`
	Tags       []string `yaml:"tags"`
	Images     []struct {
		URL     string       `yaml:"url"`
		Caption *fingerprint `yaml:"caption"`
	} `yaml:"images"`
	Language       string                 `yaml:"language"`
	Attribution    *struct{ Text string } `yaml:"attribution"`
	MustNotContain []string               `yaml:"must_not_contain"`
	Doubts         []string               `yaml:"doubts"`
}

type fingerprint struct {
	Starts, Ends, SHA256 string
	Runes                int
}

func (f fingerprint) of(text string) bool {
	return utf8.RuneCountInString(text) == f.Runes && strings.HasPrefix(article.SHA256(text), f.SHA256)
}

// TestRealPages holds the rules to real sample pages, which ATTACHE_SHARED
// names the folder of; they are other people's and not in the project.
func TestRealPages(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range expectations(t) {
		html, err := os.ReadFile(filepath.Join(os.Getenv("ATTACHE_SHARED"), "sources/pages", want.Page))
		if err != nil {
			t.Fatal(err)
		}
		src := sources[0]
		for _, s := range sources {
			if s.ID == want.Source {
				src = s
			}
		}
		got, err := parse.Read(src, parse.Page{URL: want.URL, Body: html, FetchedAt: time.Now()})
		if err != nil {
			t.Errorf("%s: %v", want.Page, err)
			continue
		}
		t.Run(want.Page, func(t *testing.T) { compare(t, want, got) })
	}
}

// expectations are those whose pages are at hand: all or, without the folder, none.
func expectations(t *testing.T) (list []expected) {
	t.Helper()
	if os.Getenv("ATTACHE_SHARED") == "" {
		return nil
	}
	names, err := filepath.Glob("testdata/expect/*.yaml")
	if err != nil || len(names) < 5 {
		t.Fatalf("expectations are missing: %v, %v", names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var e expected
		if err := yaml.UnmarshalWithOptions(data, &e, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, e)
	}
	return list
}

func compare(t *testing.T, want expected, got parse.Reading) {
	t.Helper()
	text := func(field, got string, want fingerprint) {
		if !want.of(got) {
			t.Errorf("%s: got %q (%d runes), want %+v", field, got, utf8.RuneCountInString(got), want)
		}
	}
	same := func(field, got, want string) {
		if got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
	text("title", got.Title, want.Title)
	text("lede", deref(got.Lede), want.Lede)
	paragraphs := strings.Split(got.BodyText, "\n\n")
	if got.BodyText == "" {
		paragraphs = nil
	}
	if len(paragraphs) != len(want.Paragraphs) {
		t.Errorf("%d paragraphs, want %d:\n%s", len(paragraphs), len(want.Paragraphs), got.BodyText)
	} else {
		for i, p := range paragraphs {
			text("paragraph", p, want.Paragraphs[i])
		}
	}
	for _, leak := range want.MustNotContain {
		if strings.Contains(got.BodyText, leak) {
			t.Errorf("the body contains %q", leak)
		}
	}
	at, err := time.Parse(time.RFC3339, want.Published.At)
	if err != nil || got.PublishedAt == nil || !got.PublishedAt.Equal(at) {
		t.Errorf("published: got %v, want %v (%v)", got.PublishedAt, at, err)
	}
	same("zone", deref(got.PublishedZone), want.Published.Zone)
	if modified, err := time.Parse(time.RFC3339, want.Modified); err == nil && (got.ModifiedAt == nil || !got.ModifiedAt.Equal(modified)) {
		t.Errorf("modified: got %v, want %v", got.ModifiedAt, modified)
	}
	same("authors", strings.Join(got.Authors, "|"), strings.Join(want.Authors, "|"))
	same("tags", strings.Join(got.Tags, "|"), strings.Join(want.Tags, "|"))
	same("section", deref(got.Section), want.Section)
	same("language", got.Language, want.Language)
	if want.URL != "" {
		same("canonical", got.Canonical, want.URL)
	}
	if want.Attribution != nil && (got.Attribution == nil || got.Attribution.Text != want.Attribution.Text) || want.Attribution == nil && got.Attribution != nil {
		t.Errorf("attribution: got %+v, want %+v", got.Attribution, want.Attribution)
	}
	if len(got.Images) != len(want.Images) {
		t.Fatalf("images: got %d, want %d: %+v", len(got.Images), len(want.Images), got.Images)
	}
	for i, img := range got.Images {
		same("image", img.URL, want.Images[i].URL)
		if c := want.Images[i].Caption; c != nil {
			text("caption", deref(img.Caption), *c)
		} else if img.Caption != nil {
			t.Errorf("caption: got %q, want none", *img.Caption)
		}
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
