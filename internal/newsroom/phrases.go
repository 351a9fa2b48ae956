package newsroom

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"attache/internal/strictyaml"
)

//go:embed phrases.yaml
var phrasesFile []byte

// phrases are what stories of one language are made of.
type phrases struct {
	Countries []string `yaml:"countries"`
	Stories   []struct {
		Section string   `yaml:"section"`
		Defence bool     `yaml:"defence"`
		Title   string   `yaml:"title"`
		Lede    string   `yaml:"lede"`
		Body    []string `yaml:"body"`
	} `yaml:"stories"`
}

var readPhrases = sync.OnceValue(func() map[string]phrases {
	all := map[string]phrases{}
	if err := strictyaml.Decode("phrases.yaml", phrasesFile, &all); err != nil {
		panic(err) // a mistake in this package's own file
	}
	return all
})

// story is the n-th story p can make, from 1; it has no id and no age yet. Slugs are of
// the headline in the language p writes its addresses in.
func (p publisher) story(n int) Story {
	all := readPhrases()
	fill := func(language string) func(string) string {
		countries := all[language].Countries
		return strings.NewReplacer("{A}", countries[n%len(countries)], "{N}", strconv.Itoa(n)).Replace
	}
	form, in := all[p.language].Stories[n%3], fill(p.language)
	s := Story{Section: form.Section, Defence: form.Defence, Title: in(form.Title), Lede: in(form.Lede), order: n}
	for _, text := range form.Body {
		s.Body = append(s.Body, in(text))
	}
	titles := cmp.Or(p.slugs, p.language)
	s.Slug = slug(fill(titles)(all[titles].Stories[n%3].Title))
	return s
}

// archiveDays is how far back archives reach.
const archiveDays = 110

// archived makes the stories of p from long ago: a dozen, from ten days to some
// three months before now. None is as young as any first run looks back.
func archived(p publisher, known []Story, now time.Time) (old []Story) {
	age := 10*day + 5*time.Hour + 7*time.Minute
	for n := 1; n <= 12; n++ {
		s := p.story(13 - n)
		s.Age = age
		if low := lowest(known); low > 0 {
			s.ID = strconv.Itoa(low - 50*n)
		}
		p.place(&s, now)
		old = append(old, s)
		age += time.Duration(n+2)*day + 31*time.Minute
	}
	return old
}

// more makes n stories that p brings out at that moment; base is the edition's
// Options.Now.
func more(p publisher, known []Story, n int, base, moment time.Time) (young []Story) {
	made := len(slices.DeleteFunc(slices.Clone(known), func(s Story) bool { return !s.made }))
	for i := range n {
		number := 13 + made + i // the archive has those before
		s := p.story(number)
		s.Age, s.made = -moment.Sub(base), true
		if p.source == baotintuc.source { // its address tells second and millisecond, its page the minute
			s.ID = fmt.Sprintf("%05d", number%60_000)
		} else if high := highest(known); high > 0 {
			s.ID = strconv.Itoa(high + 1 + i)
		}
		p.place(&s, base)
		young = append(young, s)
	}
	return young
}

func highest(stories []Story) (n int) {
	for _, s := range stories {
		id, _ := strconv.Atoi(s.ID) // no number where the publisher has none
		n = max(n, id)
	}
	return n
}

func lowest(stories []Story) (n int) {
	for _, s := range stories {
		if id, err := strconv.Atoi(s.ID); err == nil && (n == 0 || id < n) {
			n = id
		}
	}
	return n
}
