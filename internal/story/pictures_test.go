package story_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/internal/story"
)

func TestPictures(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://mediaen.vietnamplus.vn/images/7Nr7CAFl/vnanet-potal-ngay-dau-8860025.jpg.avif": "vnanet-potal-ngay-dau-8860025",
		"https://media.vietnamplus.vn/images/9Xmm/w860/vnanet-potal-ngay-dau-8860025.JPG.webp":  "vnanet-potal-ngay-dau-8860025",
		"https://cdn-i.vtcnews.vn/resize/th/upload/2026/08/25/tau-11212958.jpg?v=2":             "tau-11212958",
		"https://a.example/duyet-doi-danh-du-vientiane-1200x675.jpeg":                           "duyet-doi-danh-du-vientiane",
		"https://a.example/duyet-doi-danh-du-vientiane@2x.png":                                  "duyet-doi-danh-du-vientiane",
		"https://mediaen.vietnamplus.vn/images/7Nr7/vnanet-court.jpg.avif":                      "",
		"https://cdnstatic.baotintuc.example/web_images/google-news1.png":                       "",
		"https://cdnstatic.baotintuc.example/web_images/pictures/":                              "",
		"https://cdnstatic.baotintuc.example/web_images/%zz-12345678.png":                       "",
	} {
		r := &article.Record{Content: article.Content{Images: []article.Image{{URL: address}, {URL: address}}}}
		var wanted []string
		if want != "" {
			wanted = []string{want}
		}
		if got := story.Pictures(r); !slices.Equal(got, wanted) {
			t.Errorf("%s: %q, want %q", address, got, wanted)
		}
	}
}

func TestTranslation(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	with := func(change func(*article.Record)) *article.Record {
		r := &article.Record{Countries: []string{"LA", "VN"}, Acts: []string{"talks", "visit"}}
		r.Language, r.PublishedAt = "vi", &at
		r.Images = []article.Image{{URL: "https://a.example/duyet-doi-danh-du-vientiane.jpg"}}
		change(r)
		return r
	}
	for name, c := range map[string]struct {
		change func(*article.Record)
		want   bool
	}{
		"as it is":           {func(*article.Record) {}, true},
		"a country more":     {func(r *article.Record) { r.Countries = []string{"KH", "LA", "VN"} }, true},
		"another country":    {func(r *article.Record) { r.Countries = []string{"KH", "VN"} }, false},
		"one country":        {func(r *article.Record) { r.Countries = []string{"VN"} }, false},
		"one act in common":  {func(r *article.Record) { r.Acts = []string{"agreement", "talks"} }, true},
		"another act":        {func(r *article.Record) { r.Acts = []string{"exercise"} }, false},
		"a day later":        {func(r *article.Record) { r.PublishedAt = new(at.Add(24 * time.Hour)) }, true},
		"later still":        {func(r *article.Record) { r.PublishedAt = new(at.Add(24*time.Hour + 1)) }, false},
		"undated":            {func(r *article.Record) { r.PublishedAt = nil }, false},
		"another picture":    {func(r *article.Record) { r.Images[0].URL = "https://a.example/ky-ke-hoach-viet-lao.jpg" }, false},
		"no picture":         {func(r *article.Record) { r.Images = nil }, false},
		"the same language":  {func(r *article.Record) { r.Language = "vi-VN" }, false},
		"no language at all": {func(r *article.Record) { r.Language = "" }, false},
	} {
		a, b := with(func(*article.Record) {}), with(func(r *article.Record) { r.Language = "en"; c.change(r) })
		if ab, ba := story.Translation(a, b), story.Translation(b, a); ab != c.want || ba != c.want {
			t.Errorf("%s: %v and %v, want %v", name, ab, ba, c.want)
		}
	}
}

// The newsroom's portal reprints what its other publishers wrote, in its own
// words and in translation, and says where it has it from.
func TestNewsroomLinks(t *testing.T) {
	t.Parallel()
	all := stories(t)
	records := make([]*article.Record, len(all))
	for i, s := range all {
		records[i] = recordOf(s)
	}
	var attributed, edition, translated matrix
	for i, a := range all {
		for j, b := range all[:i] {
			one := truth(a) == truth(b)
			attributed.count(one, origin(a) != "" && (origin(a) == origin(b) || origin(a) == story.Attributed(b.URL)) || origin(b) != "" && origin(b) == story.Attributed(a.URL))
			if a.Language != b.Language {
				edition.count(one, story.Edition(a.URL) != "" && story.Edition(a.URL) == story.Edition(b.URL))
				translated.count(one, story.Translation(records[i], records[j]))
			}
		}
	}
	t.Logf("attributed %+v, edition %+v, translated %+v", attributed, edition, translated)
	if attributed.wrong+edition.wrong+translated.wrong > 0 || attributed.missed > 0 || edition.hit < 3 || translated.hit < 6 {
		t.Errorf("attributed %+v, edition %+v, translated %+v; want none wrong and 3 and 6 hits or more of the latter two", attributed, edition, translated)
	}
}

// truth is the slug of the Vietnamese original, which reprints keep.
func truth(s newsroom.Story) string {
	if s.Attribution != nil && strings.Contains(s.Attribution.URL, s.Slug) || s.Source == "vtcnews" || s.Source == "vietnamplus-vi" {
		return s.Slug
	}
	return s.URL
}

func origin(s newsroom.Story) string {
	if s.Attribution == nil {
		return ""
	}
	return story.Attributed(s.Attribution.URL)
}

func recordOf(s newsroom.Story) *article.Record {
	r := text{Language: s.Language, Title: s.Title, Lede: s.Lede, Body: s.Body}.record()
	r.PublishedAt = &s.Published
	for _, img := range s.Images {
		r.Images = append(r.Images, article.Image{URL: img.URL})
	}
	return r
}
