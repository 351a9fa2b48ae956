package topic

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func folded(text string) string { return strings.TrimSuffix(string(split(text).runes), " ") }

func TestSpellingsAreOne(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"hòa bình", "hoà bình", norm.NFD.String("hòa bình"), "HÒA BÌNH"},
		{"thủy thủ", "thuỷ thủ"},
		{"ký kết", "kí kết"},
		{"sỹ quan", "sĩ quan"},
		{"Mỹ", "Mĩ"},
		{"القوات المسلحة", "القُوّات المُسَلَّحة", "القوات المسلحه", "القـــوات المسلحة"},
		{"أمريكا", "امريكا", "إمريكا"},
		{"العسكرى", "العسكري"},
		{"الدفاع", "دفاع"},
		{"للدفاع", "ل الدفاع"},
		{"учёные", "ученые"},
		{"l’armée", "l'armée"},
		{"國防部長訪問越南", "国防部长访问越南"},
		{"of Defence", "ofDefence", "of De\u00ADfence"},
		{"la République", "laRépublique", "la\u00a0République"},
	} {
		for _, s := range same {
			if folded(s) != folded(same[0]) {
				t.Errorf("%q is %q, %q is %q", s, folded(s), same[0], folded(same[0]))
			}
		}
	}
	for _, c := range [][2]string{{"má", "mà"}, {"sino", "signo"}, {"وزير", "زير"}, {"مالي", "مال"}, {"国", "图"}} {
		if folded(c[0]) == folded(c[1]) {
			t.Errorf("%q and %q are one", c[0], c[1])
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "One. Two! Three?": 3, "The U.S. Navy came.": 1, "两国会谈。双方签署协议。": 2, "وصل الوفد؟ نعم": 2,
		"tại Hà Nội.Chiều cùng ngày": 2, "3.5 tỷ USD, vietnamplus.vn": 1, "a\nb": 2,
	} {
		got := 0
		for _, w := range split(text).words {
			if w.sentence {
				got++
			}
		}
		if got != want {
			t.Errorf("%q: %d sentences, want %d", text, got, want)
		}
	}
}
