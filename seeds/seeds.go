// Package seeds holds the sources as data: one YAML file a publisher's edition,
// embedded in the binary, checked when loaded. An operator's folder can add
// sources or replace one of the same id without a new binary.
package seeds

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/strictyaml"
)

//go:embed *.yaml
var embedded embed.FS

// Load reads the embedded sources and those in dir (empty: none), where a file
// replaces the embedded source of the same name. Sources come sorted by id.
// All mistakes of all files are returned together, each with its place.
func Load(dir string) ([]*Source, error) {
	files, err := read(embedded, "seeds/")
	if err != nil {
		return nil, err
	}
	if dir != "" {
		own, err := read(os.DirFS(dir), dir+"/")
		if err != nil {
			return nil, fmt.Errorf("sources.dir: %w", err)
		}
		maps.Copy(files, own)
	}
	var sources []*Source
	var problems []error
	for name, f := range files {
		s, err := Parse(f.shown, f.data)
		if err == nil && s.ID+".yaml" != name {
			err = strictyaml.At(f.shown, f.data, "$.id", "id %q must be the file's name without .yaml", s.ID)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		sources = append(sources, s)
	}
	problems = append(problems, inherit(sources)...)
	slices.SortFunc(sources, func(a, b *Source) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return sources, errors.Join(problems...)
}

type file struct {
	shown string // the name in messages
	data  []byte
}

func read(from fs.FS, prefix string) (map[string]file, error) {
	names, err := fs.Glob(from, "*.yaml")
	if err != nil {
		return nil, err
	}
	if other, err := fs.Glob(from, "*.yml"); err == nil && len(other) > 0 {
		return nil, fmt.Errorf("%s: source files end in .yaml; rename it", path.Join(prefix, other[0]))
	}
	files := make(map[string]file, len(names))
	for _, name := range names {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		files[name] = file{path.Join(prefix, name), data}
	}
	return files, nil
}

// Parse reads one source file and checks that it makes sense.
func Parse(name string, data []byte) (*Source, error) {
	s := &Source{Pace: Pace{Delay: Span(2 * time.Second), Parallel: 1}, Since: Span(7 * 24 * time.Hour)}
	if err := strictyaml.Decode(name, data, s); err != nil {
		return nil, err
	}
	s.Version = digest(data)
	var problems []error
	s.check(func(path, format string, args ...any) {
		problems = append(problems, strictyaml.At(name, data, path, format, args...))
	})
	return s, errors.Join(problems...)
}

// check fills what is derived and reports every mistake with its path.
func (s *Source) check(wrong complaint) {
	for _, required := range []struct{ key, value string }{
		{"id", s.ID}, {"name", s.Name}, {"home", s.Home}, {"language", s.Language}, {"timezone", s.Timezone}, {"schedule", s.Schedule},
	} {
		if required.value == "" {
			wrong("$", "%s is missing", required.key)
		}
	}
	var err error
	if s.Zone, err = time.LoadLocation(s.Timezone); err != nil {
		wrong("$.timezone", "%q is no IANA time zone such as Asia/Ho_Chi_Minh", s.Timezone)
	}
	if s.Cron, err = cron.ParseStandard(s.Schedule); err != nil && s.Schedule != "" {
		wrong("$.schedule", "%q is no cron schedule such as */15 * * * *: %v", s.Schedule, err)
	} else if err == nil && !sane(s.Cron) {
		wrong("$.schedule", "%q never comes, or more often than once a minute", s.Schedule)
	}
	if s.ID != "" && !plainID.MatchString(s.ID) {
		wrong("$.id", "%q must be lower-case letters, digits and hyphens", s.ID)
	}
	if why := unreachable(s.Terms, s.Ports); s.Terms != "" && why != "" {
		wrong("$.terms", "%q %s", s.Terms, why)
	}
	if time.Duration(s.Pace.Delay) < leastDelay {
		wrong("$.pace.delay", "%s is too fast for a publisher; 1s is the least", s.Pace.Delay)
	}
	if n := s.Pace.Parallel; n < 1 || n > mostParallel {
		wrong("$.pace.parallel", "%d requests at once; 1 to %d are allowed", n, mostParallel)
	}
	if len(s.ArticleURL) == 0 {
		wrong("$", "article_url is missing: without it no link is known to be an article")
	}
	for i, p := range s.ArticleURL {
		if native(p.Regexp) == 0 {
			wrong(fmt.Sprintf("$.article_url[%d]", i), "needs a group (?P<id>…) or (?P<slug>…): it is the article's identity")
		}
	}
	if len(s.Discover) == 0 {
		wrong("$", "discover is missing: name at least one feed, sitemap or listing")
	}
	for i := range s.Discover {
		s.Discover[i].check(s, fmt.Sprintf("$.discover[%d]", i), wrong)
	}
	for i := range s.Archive {
		s.Archive[i].check(s, fmt.Sprintf("$.archive[%d]", i), wrong)
	}
	s.checkVisits(wrong)
	s.Spelling.check(wrong)
	if len(s.Rules) == 0 {
		wrong("$", "rules are missing; the fallback reader is for accidents")
	}
	for i, r := range s.Rules {
		if r.Evidence == "" || r.Like == "" && (len(r.Title) == 0 || len(r.Body) == 0) {
			wrong(fmt.Sprintf("$.rules[%d]", i), "needs at least evidence, title and body, or evidence and like")
		}
	}
}

var plainID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// leastDelay is the least time between two requests to a publisher's host.
const leastDelay = time.Second

// mostParallel is how many requests may be in flight to a publisher's host.
const mostParallel = 4

// sane holds for a schedule that comes round, at most once a minute.
func sane(c cron.Schedule) bool {
	first := c.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return !first.IsZero() && c.Next(first).Sub(first) >= time.Minute
}
