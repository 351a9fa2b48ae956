package topic

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"attache/internal/strictyaml"
)

//go:embed lexicon/*.yaml
var embedded embed.FS

// Acts is the closed vocabulary of Decision.Acts.
var Acts = []string{
	"visit", "talks", "dialogue", "exercise", "patrol", "port_call", "agreement", "arms", "training",
	"attache", "peacekeeping", "war_legacy", "border", "exhibition",
}

// anyAct holds words that show an act without saying which: "cooperation".
const anyAct = "any"

// lexicon is one file, named <language>.yaml; lexicon/README.md explains it.
type lexicon struct {
	Replace   bool                `yaml:"replace"`    // operator's file: forget the built-in one
	Inflected bool                `yaml:"inflected"`  // the endings of CLDR's country names vary
	LoneNames bool                `yaml:"lone_names"` // a one-word country after a capitalised word is a person's name
	Names     []string            `yaml:"names"`      // countries that are also names of people or towns
	Defence   []string            `yaml:"defence"`
	Acts      map[string][]string `yaml:"acts"`
	Countries map[string][]string `yaml:"countries"`
	Bodies    []string            `yaml:"bodies"`
	Partners  []string            `yaml:"partners"`
	Against   map[string][]string `yaml:"against"`
	Near      []string            `yaml:"near"`
	Postposed bool                `yaml:"postposed"` // a near stands after its country
	Ignore    []string            `yaml:"ignore"`
}

// tongue is a lexicon made ready.
type tongue struct {
	*matcher
	loneNames bool
	postposed bool
	names     map[string]bool // folded
}

// load reads the built-in lexicons and, over them, those in dir.
func load(dir string) (map[string]*tongue, error) {
	builtIn, err := read(embedded, "lexicon")
	if err != nil {
		return nil, err
	}
	own := map[string]*lexicon{}
	if dir != "" {
		if own, err = read(os.DirFS(dir), "."); err != nil {
			return nil, fmt.Errorf("lexicons in %s: %w", dir, err)
		}
	}
	out := map[string]*tongue{}
	for lang := range builtIn {
		if own[lang] == nil || !own[lang].Replace {
			if err := enter(out, lang, builtIn[lang]); err != nil {
				return nil, err
			}
		}
	}
	for lang, l := range own {
		if err := enter(out, lang, l); err != nil {
			return nil, fmt.Errorf("lexicons in %s: %w", dir, err)
		}
	}
	for _, t := range out {
		t.freeze()
	}
	return out, nil
}

func read(files fs.FS, dir string) (map[string]*lexicon, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no <language>.yaml there")
	}
	out := map[string]*lexicon{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		l := &lexicon{}
		if err := strictyaml.Decode(name, data, l); err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(path.Base(name), ".yaml")] = l
	}
	return out, nil
}

// enter adds l to the tongue of lang, which gets the country names of CLDR when it is new.
func enter(out map[string]*tongue, lang string, l *lexicon) error {
	t := out[lang]
	if t == nil {
		t = &tongue{matcher: newMatcher(), names: map[string]bool{}}
		tag, err := language.Parse(lang)
		if err != nil {
			return fmt.Errorf("%s.yaml: name the file after a language, such as vi.yaml: %w", lang, err)
		}
		if err := t.addRegions(tag, l.Inflected); err != nil {
			return err
		}
		out[lang] = t
	}
	t.loneNames, t.postposed = t.loneNames || l.LoneNames, t.postposed || l.Postposed
	for _, name := range l.Names {
		p := split(name)
		for i := range p.words {
			t.names[p.key(i)] = true
		}
	}
	var errs []error
	terms := func(list []string, m meaning) {
		for _, s := range list {
			if err := t.add(s, m); err != nil {
				errs = append(errs, fmt.Errorf("%s.yaml: %w", lang, err))
			}
		}
	}
	terms(l.Defence, meaning{defence, "", 1})
	terms(l.Bodies, meaning{body, "", 1})
	terms(l.Near, meaning{near, "", 1})
	terms(l.Ignore, meaning{ignored, "", 1})
	terms(l.Partners, meaning{partner, "", 1})
	for name, list := range l.Acts {
		if name == anyAct {
			name = ""
		} else if !slices.Contains(Acts, name) {
			errs = append(errs, fmt.Errorf("%s.yaml: unknown act %q: use one of %s, %s", lang, name, strings.Join(Acts, ", "), anyAct))
		}
		terms(list, meaning{act, name, 1})
	}
	for code, list := range l.Countries {
		if r, err := language.ParseRegion(code); err != nil || !isISO(r, code) {
			errs = append(errs, fmt.Errorf("%s.yaml: %q is not an ISO 3166-1 alpha-2 code", lang, code))
		}
		terms(list, meaning{country, code, 1})
	}
	for reason, list := range l.Against {
		terms(list, meaning{against, reason, 1})
	}
	return errors.Join(errs...)
}
