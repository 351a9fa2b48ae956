package newsroom

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"attache/internal/strictyaml"
)

//go:embed stories/*.yaml
var written embed.FS

// Story is one article as its publisher wrote it, free of everything the page
// puts around it: what a perfect reader of the page would bring home.
type Story struct {
	ID          string        `yaml:"id"` // number in the address; empty where the publisher has none
	Slug        string        `yaml:"slug"`
	Section     string        `yaml:"section"` // as the page names it; empty where pages name none
	Age         time.Duration `yaml:"age"`     // published this long before Options.Now; negative when later
	Embargo     time.Duration `yaml:"embargo"` // in place of age: comes out this long after Options.Now
	Defence     bool          `yaml:"defence"` // is it about defence diplomacy?
	Title       string        `yaml:"title"`
	Lede        string        `yaml:"lede"`
	Body        []string      `yaml:"body"` // paragraphs; one that starts with "## " is a subhead
	Authors     []string      `yaml:"authors"`
	Tags        []string      `yaml:"tags"`
	Images      []Image       `yaml:"images"`
	Attribution *Attribution  `yaml:"attribution"`
	Answers     int           `yaml:"answers"` // 404: listed everywhere, but its page is gone

	Source    string    `yaml:"-"` // id of the source, as in seeds
	Language  string    `yaml:"-"` // BCP 47
	URL       string    `yaml:"-"` // the full https address
	Published time.Time `yaml:"-"` // in the source's zone, no finer than the page prints it
	Modified  time.Time `yaml:"-"` // what the page's validators and metadata tell
	NativeID  string    `yaml:"-"` // the part of the address that identifies: a number, else the slug

	order int  // place in the file: pages vary by it
	made  bool // by Publish
}

// Image is a picture of a story.
type Image struct {
	File    string `yaml:"file"`
	Caption string `yaml:"caption"` // as printed; may be empty
	URL     string `yaml:"-"`       // the address the page gives; nothing answers there
}

// Attribution is the line that names the first publisher.
type Attribution struct {
	Text string `yaml:"text"`
	URL  string `yaml:"url"`
}

const subhead = "## "

// load reads the stories of p, in the order of the file.
func load(files fs.FS, p publisher) ([]Story, error) {
	name := p.source + ".yaml"
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var stories []Story
	if err := strictyaml.Decode(name, data, &stories); err != nil {
		return nil, err
	}
	for i := range stories {
		if err := stories[i].check(); err != nil {
			return nil, strictyaml.At(name, data, fmt.Sprintf("$[%d]", i), "%v", err)
		}
		stories[i].order = i
		if e := stories[i].Embargo; e > 0 {
			stories[i].Age = -e
		}
	}
	return stories, nil
}

func (s *Story) check() error {
	switch {
	case s.Slug == "" || s.Title == "":
		return fmt.Errorf("a story needs slug and title")
	case s.Embargo < 0 || s.Embargo > 0 && s.Age != 0:
		return fmt.Errorf("embargo %v: write how long after the edition it comes out, such as 2h, and no age", s.Embargo)
	case s.Embargo == 0 && s.Age <= 0:
		return fmt.Errorf("age %v: write how long before the edition it was published, such as 3h20m", s.Age)
	case len(s.Body) == 0 || strings.HasPrefix(s.Body[0], subhead) || strings.HasPrefix(s.Body[len(s.Body)-1], subhead):
		return fmt.Errorf("the body must begin and end with a paragraph")
	case s.Answers != 0 && s.Answers != http.StatusNotFound:
		return fmt.Errorf("answers %d: only 404 can be planted", s.Answers)
	}
	return nil
}
