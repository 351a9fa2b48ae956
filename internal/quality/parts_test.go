package quality

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestHistogram(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(3, 4))
	for _, bits := range []int{4, 8, 9, 20, 40, 62} {
		var h histogram
		values := make([]int64, 1001)
		for i := range values {
			values[i] = chance.Int64N(1 << bits)
			h.add(values[i])
		}
		slices.Sort(values)
		s := h.spread()
		if s.Count != 1001 || s.Min != values[0] || s.Max != values[1000] {
			t.Errorf("%d bits: %+v, want %d to %d", bits, s, values[0], values[1000])
		}
		for _, q := range []struct{ got, want int64 }{{s.P10, values[100]}, {s.Median, values[500]}, {s.P90, values[900]}} {
			if math.Abs(float64(q.got-q.want)) > float64(q.want)/256 || q.want < 256 && q.got != q.want {
				t.Errorf("%d bits: %d, want %d", bits, q.got, q.want)
			}
		}
	}
	var h histogram
	if h.spread() != nil {
		t.Error("nothing has a spread")
	}
	h.add(-5)
	h.add(math.MaxInt64)
	if s := h.spread(); *s != (Spread{Count: 2, Max: math.MaxInt64, P90: s.P90}) || s.P90 < math.MaxInt64/256*255 {
		t.Errorf("%+v", s)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"  two\n\twords  ", 20, "two words"},
		{"Đối thoại", 20, "Đối thoại"},
		{"a\u202eb\u2066c\u200fd\ufeffe\x00f\u2028g", 20, "abcdef g"},
		{"می\u200cخواهم", 20, "می\u200cخواهم"},
		{"e" + strings.Repeat("\u0301", 9) + "f", 20, "e\u0301\u0301\u0301\u0301f"},
		{"12345", 5, "12345"},
		{"123456", 5, "12345…"},
		{"1234 6", 5, "1234…"},
		{"bad\xffbyte", 20, "badbyte"},
		{"", 5, ""},
	} {
		if got := plain(c.text, c.most); got != c.want {
			t.Errorf("plain(%q, %d) = %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for address, linked := range map[string]bool{
		"https://news.example.com/a?b=c#d": true, "http://news.example.com": true, "HTTPS://news.example.com/": true,
		"javascript:alert(1)": false, "data:text/html,x": false, "ftp://news.example.com/": false, "//news.example.com/": false, "/a": false, "": false,
		"https:///a": false, "https://:80/": false, "https://bank.example@evil.example/": false, "https://a b/": false, "https://x/\x00": false,
		"https://news.example.com/" + strings.Repeat("a", maxLink): false,
	} {
		if got := link(address); (got != "") != linked {
			t.Errorf("link(%.60q) = %q", address, got)
		}
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]string{
		`the rule "div.a \"b\"" gave 12 characters of an article of 3400; so be it`: "the rule … gave … characters of an article of …; so be it",
		"the list that led here says 2026-11-21T03:04:05Z":                          "the list that led here says …",
		"that day's first moment in +07:00":                                         "that day's first moment in …",
		"redirected to https://news.example.com/x?y=1":                              "redirected to …",
		"no date was found on the page":                                             "no date was found on the page",
	} {
		if got := kind(note); got != want {
			t.Errorf("kind(%q) = %q, want %q", note, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]string{
		0: "0 s", 59: "59 s", 60: "1 min", 3569: "59 min", 3570: "1 h", 3660: "1 h 1 min", 172799: "2 d", 172800: "2 d", 180000: "2 d 2 h", 90_000_000: "1,041 d 16 h",
	} {
		if got := span(seconds); got != want {
			t.Errorf("span(%d) = %q, want %q", seconds, got, want)
		}
	}
	for _, c := range []struct {
		part, whole int64
		want        string
	}{{0, 0, "0 %"}, {0, 9, "0 %"}, {1, 300, "<1 %"}, {2, 3, "67 %"}, {299, 300, "99 %"}, {9, 9, "100 %"}} {
		if got := percent(c.part, c.whole); got != c.want {
			t.Errorf("percent(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
	for code, want := range map[string]tongue{
		"vi": {"Vietnamese", "vi", "auto"}, "ar": {"Arabic", "ar", "rtl"}, "fa": {"Persian", "fa", "rtl"}, "zh-Hant": {"Traditional Chinese", "zh-Hant", "auto"},
		"": {"unknown", "", "auto"}, "no language": {"no language", "", "auto"},
	} {
		if got := speak(code); got != want {
			t.Errorf("speak(%q) = %+v, want %+v", code, got, want)
		}
	}
	for code, want := range map[string]string{"VN": "Vietnam", "LA": "Laos", "ZZ": "ZZ", "<b>": "<b>"} {
		if got := country(code); got != want {
			t.Errorf("country(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	b := best[int]{limit: 3, order: cmp.Compare[int]}
	for _, v := range []int{5, 9, 1, 7, 3, 8, 0} {
		b.add(v)
	}
	if got := b.list(); !slices.Equal(got, []int{0, 1, 3}) {
		t.Errorf("best = %v", got)
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	c := countUpTo[string](3)
	for _, k := range []string{"b", "a", "c", "d", "c", "d", "d", "d"} {
		c.add(k)
	}
	got := top(c, 2, cmp.Compare, count)
	if want := []Count{{"c", 2}, {"a", 1}}; !slices.Equal(got, want) {
		t.Errorf("top = %v, want %v", got, want)
	}
}
