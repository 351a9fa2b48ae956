package newsroom

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/unicode/norm"
)

func TestStoryFilesAreStrict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want string }{
		{"unknown key", "- {slug: a, title: A, age: 1h, body: [x], colour: red}", `vtcnews.yaml:1:43: unknown field "colour"`},
		{"no title", "- {slug: a, age: 1h, body: [x]}", "a story needs slug and title"},
		{"no age", "- {slug: a, title: A, body: [x]}", "write how long before the edition"},
		{"no body", "- {slug: a, title: A, age: 1h}", "must begin and end with a paragraph"},
		{"ends with a subhead", "- {slug: a, title: A, age: 1h, body: [x, '## y']}", "must begin and end with a paragraph"},
		{"another fault", "- {slug: a, title: A, age: 1h, body: [x], answers: 500}", "answers 500: only 404 can be planted"},
		{"same id", "- {id: '1', slug: a, title: A, age: 1h, body: [x]}\n- {id: '1', slug: b, title: B, age: 2h, body: [x]}", "two stories are called ar1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := edition(fstest.MapFS{"vtcnews.yaml": {Data: []byte(c.file)}}, vtcnews, now)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestPublishedIsWhatThePagePrints(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 11, 20, 18, 30, 45, 678_000_000, time.UTC)
	for _, c := range []struct {
		p    publisher
		want string
	}{
		{vtcnews, "2026-11-21T01:30:45+07:00"},
		{baotintuc, "2026-11-21T01:30:00+07:00"},
		{vietnamVNAR, "2026-11-21T00:00:00+07:00"},
		{urdupoint, "2026-11-20T23:30:45+05:00"},
	} {
		if got := c.p.printed(moment).Format(time.RFC3339Nano); got != c.want {
			t.Errorf("%s: %s, want %s", c.p.source, got, c.want)
		}
	}
}

func TestStoriesAreOfOneEdition(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	for _, source := range r.Sources() {
		stories := r.Stories(source)
		if !slices.IsSortedFunc(stories, func(a, b Story) int { return b.Published.Compare(a.Published) }) {
			t.Errorf("%s: not newest first", source)
		}
		defence := 0
		for _, s := range stories {
			if s.Defence {
				defence++
			}
			if s.Source != source || s.Published.After(now) {
				t.Errorf("%s: %s, published %v", source, s.Source, s.Published)
			}
			if all := s.Title + s.Lede + strings.Join(s.Body, ""); !norm.NFC.IsNormalString(all) {
				t.Errorf("%s: %s is not in NFC", source, s.Slug)
			}
		}
		if defence == 0 || defence == len(stories) {
			t.Errorf("%s: %d of %d stories are about defence diplomacy; both kinds are needed", source, defence, len(stories))
		}
	}
}

func TestTranslationsNameStoriesOfTheRoom(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	originals := slices.Concat(r.Stories("vtcnews"), r.Stories("vietnamplus-vi"))
	for _, s := range slices.Concat(r.Stories("vietnamvn-ar"), r.Stories("vietnamvn-vi"), r.Stories("vietnamvn-en")) {
		if !slices.ContainsFunc(originals, func(o Story) bool { return s.Attribution != nil && o.URL == s.Attribution.URL }) {
			t.Errorf("%s: %s retells no story of the room: %+v", s.Source, s.Slug, s.Attribution)
		}
	}
}

func TestEntities(t *testing.T) {
	t.Parallel()
	const text = `Đô đốc “Hà” & <Cường>: à Ý ÿ…`
	if got, want := string(entities(text, named)), `Đ&ocirc; đốc &ldquo;H&agrave;&rdquo; &amp; &lt;Cường&gt;: &agrave; &Yacute; &yuml;&hellip;`; got != want {
		t.Errorf("named\n%s\nwant\n%s", got, want)
	}
	if got, want := string(entities("Phòng", decimal)), "Ph&#242;ng"; got != want {
		t.Errorf("decimal %s, want %s", got, want)
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"Đối ngoại - Quốc phòng": "doi-ngoai-quoc-phong", "2+2": "2-2", "越南": "越南"} {
		if got := slug(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
