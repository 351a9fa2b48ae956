package quality

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// tongue is a language as a page shows it.
type tongue struct {
	Name string // in English; the code itself when CLDR has none
	Lang string // for a lang attribute; empty when the code is no BCP 47 tag
	Dir  string // for a dir attribute
}

// rightToLeft are the scripts written so that living languages use (ISO 15924).
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"}

// speak knows a language by its code. Where the script leaves it open, each text's
// first letter says which way it runs.
func speak(code string) tongue {
	tag, err := language.Parse(code)
	if err != nil || tag == language.Und {
		if code == "" {
			code = "unknown"
		}
		return tongue{Name: code, Dir: "auto"}
	}
	t := tongue{Name: display.English.Tags().Name(tag), Lang: tag.String(), Dir: "auto"}
	if script, sure := tag.Script(); sure >= language.High && slices.Contains(rightToLeft, script.String()) {
		t.Dir = "rtl"
	}
	if t.Name == "" {
		t.Name = code
	}
	return t
}

// country is the English name of a country.
func country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.English.Regions().Name(region); name != "" && !strings.HasPrefix(name, "Unknown") {
		return name
	}
	return code
}
