package story_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/internal/story"
)

func of(body string, countries ...string) story.Sketch {
	return story.Of(&article.Record{Content: article.Content{BodyText: body}, Countries: countries})
}

// filler makes n words that only this start has.
func filler(start, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "word%s ", strings.Map(func(c rune) rune { return c - '0' + 'a' }, fmt.Sprint(start+i)))
	}
	return b.String()
}

// Printings of one text may differ in all of these.
func TestSpellings(t *testing.T) {
	t.Parallel()
	rest := filler(0, 30)
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"case":                 {"The Vice Minister", "THE VICE MINISTER", true},
		"accents composed":     {"Việt Nam", "Vie\u0302\u0323t Nam", true},
		"tone marks":           {"gìn giữ hoà bình", "gìn giữ hòa bình", true},
		"Đ":                    {"Đà Nẵng", "Da Nang", true},
		"alef":                 {"الأركان", "الاركان", true},
		"vowel signs":          {"مذكّرة", "مذكرة", true},
		"Farsi ye, stretching": {"سبوتنيك", "سبوتنــیک", true},
		"ta marbuta":           {"الدولية", "الدوليه", true},
		"digits":               {"عام ٢٠٢٥ و ۱۲", "عام 2025 و 12", true},
		"full width":           {"第１２次 ＡＳＥＡＮ", "第12次 ASEAN", true},
		"thousands":            {"5.200 quân", "5,200 quân", true},
		"ё":                    {"учёба", "учеба", true},
		"quotes and dashes":    {"“Blue Whale—5”", `"Blue Whale-5"`, true},
		"apostrophe":           {"l’armée", "l'armée", true},
		"entities":             {"A&amp;B &#8211; caf&eacute;", "A&B – café", true},
		"soft hyphen, joiner":  {"co\u00adope\u200bration\ufeff", "cooperation", true},
		"line breaks":          {"one\ntwo\r\n\r\nthree", "one two three", true},
		"dateline":             {"Hanoi (VNA) – The minister", "HÀ NỘI — The minister", true},
		"dateline with a date": {"Hà Nội (TTXVN 21/11) - Bộ trưởng", "Bộ trưởng", true},
		"Chinese dateline":     {"越通社河内11月21日电 国防部", "新华社北京11月22日电——国防部", true},
		"Arabic dateline":      {"( أردو بوینت نتورك ۔ / سبوتنيك - 28 كانون الثاني 2022ء) وزير", "وزير", true},
		"no dateline":          {"Việt Nam - Hungary (lần 4)", "Việt Nam - Hungary (lần 5)", false},
		"a number":             {"lần thứ 4", "lần thứ 5", false},
		"a decimal point":      {"1 2 3", "12 3", false},
		"words the other way":  {"one two", "two one", false},
		"a letter":             {"tháng", "tháp", false},
	} {
		a, b := of(c.a+" "+rest), of(c.b+" "+rest)
		if got := story.Similarity(a, b).Jaccard == 1; got != c.same {
			t.Errorf("%s: %q and %q: the same words: %v, want %v", name, c.a, c.b, got, c.same)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	text := filler(0, 200)
	paragraph := "Twelve officers and the General met in port at noon "
	for name, c := range map[string]struct {
		a, b story.Sketch
		want story.Verdict
	}{
		"one text":                   {of(text), of(text), story.Duplicate},
		"nothing":                    {story.Sketch{}, story.Sketch{}, story.None},
		"no text":                    {of(""), of("…"), story.None},
		"a caption":                  {of("The two ministers at the talks."), of("The two ministers at the talks."), story.None},
		"two texts":                  {of(text), of(filler(500, 200)), story.None},
		"an end more":                {of(text), of(text + filler(500, 40)), story.Duplicate},
		"as much again":              {of(text), of(text + filler(500, 200)), story.Same},
		"half taken over":            {of(text), of(filler(0, 100) + filler(500, 100)), story.None},
		"other numbers":              {of(text + paragraph + " 4"), of(text + paragraph + " 5"), story.None},
		"a number more":              {of(text + paragraph), of(text + paragraph + " 5"), story.Duplicate},
		"other countries":            {of(text+"a b", "SE", "VN"), of(text+"c d", "HU", "VN"), story.None},
		"a country more":             {of(text+"a b", "VN"), of(text+"c d", "HU", "VN"), story.Duplicate},
		"countries of another story": {of(text, "SE", "VN"), of(text+filler(500, 300), "HU", "RU"), story.Same},
		"a lede is text":             {of(text), story.Of(&article.Record{Content: article.Content{Lede: &text}}), story.Duplicate},
		"the title is not":           {of(text), story.Of(&article.Record{Content: article.Content{Title: "X", BodyText: text}}), story.Duplicate},
	} {
		for _, got := range []story.Verdict{story.Compare(c.a, c.b), story.Compare(c.b, c.a)} {
			if got != c.want {
				t.Errorf("%s: %q, want %q; %+v", name, got, c.want, story.Similarity(c.a, c.b))
			}
		}
	}
}

// Long texts are sampled; the shares must still be near the truth.
func TestEstimates(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		common, left, right := r.IntN(8000)+500, r.IntN(8000)+3, r.IntN(8000)+3
		start := r.IntN(1 << 30)
		head := filler(start, common)
		got := story.Similarity(of(head+filler(start+100_000, left)), of(head+filler(start+200_000, right)))
		jaccard, contained := float64(common)/float64(common+left+right), float64(common)/float64(common+min(left, right))
		if math.Abs(got.Jaccard-jaccard) > 0.08 || math.Abs(got.Contained-contained) > 0.1 {
			t.Errorf("%d, %d, %d: %+v, want %.3f and %.3f", left, common, right, got, jaccard, contained)
		}
	}
}

// Stored sketches are compared with new ones: when this changes, raise the
// format in binary.go.
func TestSketchStays(t *testing.T) {
	t.Parallel()
	r := &article.Record{Countries: []string{"HU", "VN"}}
	r.BodyText = "Hà Nội (TTXVN) - Đối thoại Chính sách Quốc phòng Việt Nam - Hungary lần thứ 4 diễn ra ngày 12/11.\n\n越南国防部副部长率团访问秘鲁，第四次磋商在利马举行，双方签署了合作备忘录。\n\n" + filler(0, 2000)
	b, err := story.Of(r).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	const want = "e8c97990039a0d8d"
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:8]) != want {
		t.Errorf("the sketch has changed: %x, want %s", sum[:8], want)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for words, want := range map[int]int{0: 0, 3: 0, 4: 1, 13: 10, 200: 24, 5000: 24} {
		keys := of(filler(0, words)).Keys()
		if len(keys) != want || !slices.IsSorted(keys) || len(keys) > 0 && (keys[0] < 0 || keys[len(keys)-1] > math.MaxUint32) {
			t.Errorf("%d words: keys %v, want %d of them, ascending, of 32 bits", words, keys, want)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	for name, size := range map[string]int{"article of 4 KB": 4 << 10, "text of 8 MB": 8 << 20} {
		var body strings.Builder
		for i := 0; body.Len() < size; i += 5 {
			body.WriteString("Đối thoại Chính sách Quốc phòng lần thứ 3 diễn ra tại Hà Nội, do hai Thứ trưởng đồng chủ trì. " + filler(i, 5))
		}
		r := &article.Record{Content: article.Content{BodyText: body.String()}, Countries: []string{"SK", "VN"}}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(body.Len()))
			b.ReportAllocs()
			for b.Loop() {
				story.Of(r)
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := of(filler(0, 600)), of(filler(200, 600))
	for b.Loop() {
		story.Compare(x, y)
	}
}
