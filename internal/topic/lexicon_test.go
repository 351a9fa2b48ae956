package topic

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestOperatorsLexicon(t *testing.T) {
	t.Parallel()
	text := Text{Title: "Zorbian defence minister visits Laos", Language: "en"}
	for name, c := range map[string]struct {
		file, yaml string
		match      bool
		err        string
	}{
		"adds":          {"en.yaml", "against: {hoax: [Zorbian, visits Laos]}", false, ""},
		"adds nothing":  {"en.yaml", "", true, ""},
		"replaces":      {"en.yaml", "replace: true\ndefence: [zorb*]", false, ""},
		"new language":  {"ko.yaml", "defence: [국방]", true, ""},
		"unknown key":   {"en.yaml", "defense: [x]", false, "en.yaml:1:1"},
		"unknown act":   {"en.yaml", "acts: {party: [x]}", false, `unknown act "party": use one of visit, `},
		"not a country": {"en.yaml", "countries: {UK: [Britain]}", false, `"UK" is not an ISO 3166-1 alpha-2 code`},
		"inner star":    {"en.yaml", `defence: ["defen*e"]`, false, "* ends a word"},
		"no word":       {"en.yaml", `defence: ["?!"]`, false, "write 1 to 12 words"},
		"no language":   {"lexicon-of-mine.yaml", "defence: [x]", false, "name the file after a language"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := New(Options{Dir: dir})
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || !strings.Contains(err.Error(), dir) {
					t.Fatalf("error = %v, want the folder and %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Decide(text); got.Match != c.match {
				t.Errorf("match = %v, score %v, want %v", got.Match, got.Score, c.match)
			}
		})
	}
	if _, err := New(Options{Dir: t.TempDir()}); err == nil {
		t.Error("an empty folder was taken")
	}
	if _, err := New(Options{Threshold: 1.5}); err == nil {
		t.Error("a threshold of 1.5 was taken")
	}
}

func TestEveryCountryHasAName(t *testing.T) {
	t.Parallel()
	tongues, err := load("")
	if err != nil {
		t.Fatal(err)
	}
	const assigned = 249 // by ISO 3166-1
	for lang, tongue := range tongues {
		codes := map[string]bool{}
		for _, pieces := range tongue().pieces {
			for _, m := range pieces {
				if m.id == 0 && m.kind == country {
					codes[m.label] = true
				}
			}
		}
		if len(codes) != assigned {
			t.Errorf("%s: %d countries, want %d", lang, len(codes), assigned)
		}
		for code := range codes {
			if r, err := language.ParseRegion(code); err != nil || !isISO(r, code) {
				t.Errorf("%s: %s is no country", lang, code)
			}
		}
	}
}

func TestRussianCases(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Индия": "Индия Индии Индию Индией", "Куба": "Куба Кубы Куби Кубе Кубу Кубой Кубей", "Китай": "Китай Китая Китаю Китаем Китае",
		"Нидерланды": "Нидерланды Нидерланд Нидерландов Нидерландам Нидерландами Нидерландах", "Перу": "Перу", "Иран": "Иран Ирана Ирану Ираном Иране",
	} {
		if got := strings.Join(cases(name), " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
