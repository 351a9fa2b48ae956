package story_test

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/internal/story"
	"attache/internal/strictyaml"
	"attache/internal/topic"
)

// text is one article of testdata/texts.yaml or of the newsroom.
type text struct {
	ID       string        `yaml:"id"`
	Language string        `yaml:"language"`
	Title    string        `yaml:"title"`
	Lede     string        `yaml:"lede"`
	Body     []string      `yaml:"body"`
	Other    [][][2]string `yaml:"other"`
	Versions []struct {
		Label story.Verdict `yaml:"label"`
		Lede  string        `yaml:"lede"`
		Body  []string      `yaml:"body"`
	} `yaml:"versions"`

	shelf []text // of its language
}

// record is t as attache keeps it, its countries and acts as topic finds them.
func (t text) record() *article.Record {
	body := strings.Join(t.Body, "\n\n")
	r := &article.Record{Content: article.Content{Language: t.Language, Title: t.Title, BodyText: body}}
	if t.Lede != "" {
		r.Lede = &t.Lede
	}
	d := topics().Decide(topic.Text{Title: t.Title, Lede: t.Lede, Body: body, Language: t.Language})
	r.Countries, r.Acts = d.Countries, d.Acts
	return r
}

var topics = sync.OnceValue(func() *topic.Decider {
	d, err := topic.New(topic.Options{})
	if err != nil {
		panic(err) // a mistake in the built-in lexicons
	}
	return d
})

// sketch keeps those of texts with an id.
func (t text) sketch() story.Sketch {
	if s, ok := sketches.Load(t.ID); ok {
		return s.(story.Sketch)
	}
	s := story.Of(t.record())
	if t.ID != "" {
		sketches.Store(t.ID, s)
	}
	return s
}

var sketches sync.Map

// pair is two texts and what they are to each other.
type pair struct {
	name string // how it came about
	base string // the text it was made from
	a, b text
	want story.Verdict
}

// chosen tells the half of the pairs that thresholds were chosen on from the
// half that judges them; all pairs of one text are on one side.
func (p pair) chosen() bool {
	h := fnv.New32a()
	h.Write([]byte(p.base))
	return h.Sum32()%2 == 0
}

// texts are those written for this test and the newsroom's.
func texts(t *testing.T) []text {
	t.Helper()
	all := readTexts(t, "texts.yaml")
	for _, s := range stories(t) {
		all = append(all, text{ID: s.URL, Language: s.Language, Title: s.Title, Lede: s.Lede, Body: s.Body})
	}
	shelves := map[string][]text{}
	for _, x := range all {
		shelves[x.Language] = append(shelves[x.Language], x)
	}
	for i := range all {
		all[i].shelf = shelves[all[i].Language]
	}
	return all
}

func readTexts(t *testing.T, name string) (all []text) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := strictyaml.Decode(name, data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func stories(t *testing.T) (all []newsroom.Story) {
	t.Helper()
	room, err := newsroom.Open(newsroom.Options{Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	for _, source := range room.Sources() {
		all = append(all, room.Stories(source)...)
	}
	return all
}

// forms are what the newsroom makes of its phrases: a few forms, filled in with
// countries and numbers. No two are one story.
func forms(t *testing.T) map[string][]text {
	t.Helper()
	room, err := newsroom.Open(newsroom.Options{Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	all := map[string][]text{}
	for _, source := range []string{"vtcnews", "vietnamplus-en", "vietnamplus-zh", "vietnamplus-fr", "vietnamplus-es", "vietnamplus-ru", "urdupoint-ar"} {
		before := len(room.Stories(source))
		if err := room.Publish(source, 24); err != nil {
			t.Fatal(err)
		}
		for _, s := range room.Stories(source)[:24] {
			all[source] = append(all[source], text{ID: s.URL, Language: s.Language, Title: s.Title, Lede: s.Lede, Body: s.Body})
		}
		if after := len(room.Stories(source)); after != before+24 {
			t.Fatalf("%s: %d stories became %d", source, before, after)
		}
	}
	return all
}

// pairs are all labelled pairs.
func pairs(t *testing.T) []pair {
	t.Helper()
	var all []pair
	r := rand.New(rand.NewPCG(1, 2))
	for _, x := range texts(t) {
		for _, e := range edits {
			if y, want := e.make(x, r); len(y.Body) > 0 {
				all = append(all, pair{e.name, x.ID, x, y, want})
			}
		}
		all = append(all, x.byHand()...)
	}
	for source, made := range forms(t) {
		for i := range made {
			for j := range i {
				all = append(all, pair{"another event, made from phrases", source, made[i], made[j], story.None})
			}
		}
	}
	return all
}

// byHand are the pairs a text brings along.
func (t text) byHand() (all []pair) {
	for _, words := range t.Other {
		all = append(all, pair{"another event, by hand", t.ID, t, t.each(swap(words)), story.None})
	}
	for _, v := range t.Versions {
		all = append(all, pair{"version, by hand", t.ID, t, text{Language: t.Language, Lede: v.Lede, Body: v.Body}, cmp.Or(v.Label, story.Same)})
	}
	return all
}

func swap(words [][2]string) func(string) string {
	return func(s string) string {
		for _, w := range words {
			s = strings.ReplaceAll(s, w[0], w[1])
		}
		return s
	}
}
