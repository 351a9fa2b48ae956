package parse_test

import (
	"fmt"
	"testing"

	"attache/parse"
)

func TestLanguageOfAnyHost(t *testing.T) {
	t.Parallel()
	page := func(t tale) string {
		return fmt.Sprintf("<h1>%s</h1><p>%s</p><p>%s</p><p>%s</p>", t.title, t.text[0], t.text[1], t.text[2])
	}
	for lang, story := range tales {
		body := page(story)
		got := readAs(t, "", body)
		if got != lang {
			t.Errorf("nothing declared: got %q, want %q", got, lang)
		}
		if got := readAs(t, lang, body); got != lang {
			t.Errorf("declared rightly: got %q, want %q", got, lang)
		}
		if got := readAs(t, "sv-SE", body); got != lang {
			t.Errorf("%s declared as Swedish: got %q", lang, got)
		}
	}
	for declared, want := range map[string]string{"fa": "fa", "ur-PK": "ur"} {
		if got := readAs(t, declared, page(tales["ar"])); got != want {
			t.Errorf("in Arabic script, declared as %s: got %q", declared, got)
		}
	}
	for declared, want := range map[string]string{"nb-NO": "no", "nn": "no", "template-de": "und", "": "und", "en_GB": "en"} {
		if got := readAs(t, declared, "<h1>Ok</h1><p>1 2 3.</p>"); got != want {
			t.Errorf("declared as %q, no text: got %q, want %q", declared, got, want)
		}
	}
}

// readAs is the language of a page that declares one.
func readAs(t *testing.T, declared, body string) string {
	t.Helper()
	got, err := parse.Read(nil, parse.Page{Body: []byte(`<html lang="` + declared + `"><body>` + body + `</body></html>`)})
	if err != nil {
		t.Fatal(err)
	}
	return got.Language
}
