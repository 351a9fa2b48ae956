package topic

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// tongue is a lexicon made ready.
type tongue struct {
	*matcher
	loneNames bool
	postposed bool
	names     map[string]bool // folded
}

// newTongue makes the tongue of lang from its lexicons and from what CLDR calls
// the countries in it.
func newTongue(lang string, lexicons ...*lexicon) (*tongue, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, fmt.Errorf("%s.yaml: name the file after a language, such as vi.yaml: %w", lang, err)
	}
	t := &tongue{matcher: newMatcher(), names: map[string]bool{}}
	inflected := slices.ContainsFunc(lexicons, func(l *lexicon) bool { return l.Inflected })
	if err := t.addRegions(tag, inflected); err != nil {
		return nil, err
	}
	for _, l := range lexicons {
		if err := t.enter(lang, l); err != nil {
			return nil, err
		}
	}
	t.freeze()
	return t, nil
}

// enter adds what l says.
func (t *tongue) enter(lang string, l *lexicon) error {
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
	terms(l.Ships, meaning{defence, ship, 1})
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
