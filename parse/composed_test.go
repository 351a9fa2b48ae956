package parse

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestComposed: no two characters that composed holds for are anything but NFC,
// alone or one after the other.
func TestComposed(t *testing.T) {
	t.Parallel()
	for c := range rune(0x10000) {
		if p := norm.NFC.PropertiesString(string(c)); composed(c) && (norm.NFC.String(string(c)) != string(c) || p.CCC() != 0 || !norm.NFC.IsNormalString("a"+string(c)) || !p.BoundaryBefore()) {
			t.Errorf("%U", c)
		}
	}
}
