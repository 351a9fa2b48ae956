package topic

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"strings"
	"sync"

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
	Ships     []string            `yaml:"ships"` // defence too; a visit of theirs is a port call
	Acts      map[string][]string `yaml:"acts"`
	Countries map[string][]string `yaml:"countries"`
	Bodies    []string            `yaml:"bodies"`
	Partners  []string            `yaml:"partners"`
	Against   map[string][]string `yaml:"against"`
	Near      []string            `yaml:"near"`
	Postposed bool                `yaml:"postposed"` // a near stands after its country
	Ignore    []string            `yaml:"ignore"`
}

// builtIn are the tongues of the embedded lexicons, each made when it is first wanted.
var builtIn = func() map[string]func() *tongue {
	out := map[string]func() *tongue{}
	for _, lang := range []string{"ar", "en", "es", "fr", "ru", "vi", "zh"} {
		out[lang] = sync.OnceValue(func() *tongue {
			l, err := readOne(embedded, "lexicon/"+lang+".yaml")
			if err != nil {
				panic(err) // the tests make every one of them
			}
			t, err := newTongue(lang, l)
			if err != nil {
				panic(err)
			}
			return t
		})
	}
	return out
}()

// load makes the tongues, those of dir's files over the built-in ones.
func load(dir string) (map[string]func() *tongue, error) {
	out := maps.Clone(builtIn)
	if dir == "" {
		return out, nil
	}
	own, err := read(os.DirFS(dir), ".")
	if err != nil {
		return nil, fmt.Errorf("lexicons in %s: %w", dir, err)
	}
	for lang, l := range own {
		lexicons := []*lexicon{l}
		if !l.Replace && out[lang] != nil {
			base, err := readOne(embedded, "lexicon/"+lang+".yaml")
			if err != nil {
				return nil, err
			}
			lexicons = []*lexicon{base, l}
		}
		t, err := newTongue(lang, lexicons...)
		if err != nil {
			return nil, fmt.Errorf("lexicons in %s: %w", dir, err)
		}
		out[lang] = func() *tongue { return t }
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
		if out[strings.TrimSuffix(path.Base(name), ".yaml")], err = readOne(files, name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readOne(files fs.FS, name string) (*lexicon, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	l := &lexicon{}
	return l, strictyaml.Decode(name, data, l)
}
