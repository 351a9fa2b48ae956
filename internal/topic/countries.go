package topic

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// addRegions enters what CLDR calls each country in the language.
func (t *tongue) addRegions(tag language.Tag, inflected bool) error {
	names := display.Regions(tag)
	if names == nil {
		return nil
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string(a) + string(b))
			if err != nil || !isISO(r, string(a)+string(b)) {
				continue
			}
			name, _, _ := strings.Cut(names.Name(r), " (") // "Myanmar (Miến Điện)"
			if name == "" || name == r.String() {
				continue
			}
			forms := []string{name}
			if inflected && !strings.ContainsAny(name, " -") {
				forms = cases(name)
			}
			for _, form := range forms {
				if err := t.add(form, meaning{country, r.String(), 1}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// reserved are codes that CLDR or x/text know and ISO 3166-1 does not assign,
// or no longer does.
var reserved = []string{
	"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ",
	"AN", "CS", "FQ", "NT", "PC", "SU", "YU",
}

// isISO reports whether r is the country that ISO 3166-1 assigns code to.
func isISO(r language.Region, code string) bool {
	return r.IsCountry() && r.String() == code && r.Canonicalize() == r && !slices.Contains(reserved, code)
}
