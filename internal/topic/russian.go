package topic

import "strings"

// cases lists the forms a Russian name of one word takes: "Индия", "Индии", …
// Endings that do not change, as in "Перу" and "Чили", give the name alone.
func cases(name string) []string {
	for _, c := range []struct{ end, others string }{
		{"ия", "ии ию ией"},
		{"ья", "ьи ье ью ьей"},
		{"а", "ы и е у ой ей"},
		{"я", "и е ю ей"},
		{"ай", "ая аю аем ае"},
		{"ей", "ея ею еем ее"},
		{"ь", "я ю ем е и ью"},
		{"ы", "~ ов ам ами ах"},
	} {
		if stem, ok := strings.CutSuffix(name, c.end); ok {
			forms := []string{name}
			for ending := range strings.FieldsSeq(c.others) {
				forms = append(forms, stem+strings.TrimPrefix(ending, "~"))
			}
			return forms
		}
	}
	if strings.HasSuffix(name, "о") || strings.HasSuffix(name, "и") || strings.HasSuffix(name, "у") || strings.HasSuffix(name, "е") {
		return []string{name}
	}
	return []string{name, name + "а", name + "у", name + "ом", name + "е"}
}
