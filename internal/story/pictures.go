package story

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"attache/internal/article"
)

// Pictures are the names of r's pictures that are not likely to be given twice:
// with the number of a photograph or the time of an upload, or of many words.
// Sizes and formats are taken off. Look up Translation's candidates by them.
func Pictures(r *article.Record) []string {
	var names []string
	for _, img := range r.Images {
		u, err := url.Parse(img.URL)
		if err != nil {
			continue
		}
		name := formats.ReplaceAllString(strings.ToLower(path.Base(u.Path)), "")
		if telling.MatchString(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

var (
	formats = regexp.MustCompile(`(?:[-_@](?:\d{2,4}x\d{2,4}|\dx))?(?:\.(?:jpe?g|png|webp|avif|gif))+$`)
	telling = regexp.MustCompile(`\d{6}|^(?:[^-_]+[-_]){4,}[^-_]+$`)
)

// Translation tells whether two articles in different languages are one story,
// and would rather miss one: they share a picture and an act, came out within
// a day, and have two countries or more, where one may name some besides.
func Translation(a, b *article.Record) bool {
	return otherLanguage(a, b) && near(a.PublishedAt, b.PublishedAt) &&
		min(len(a.Countries), len(b.Countries)) > 1 && (holds(a.Countries, b.Countries) || holds(b.Countries, a.Countries)) &&
		meet(a.Acts, b.Acts) && meet(Pictures(a), Pictures(b))
}

func otherLanguage(a, b *article.Record) bool {
	x, _, _ := strings.Cut(strings.ToLower(a.Language), "-")
	y, _, _ := strings.Cut(strings.ToLower(b.Language), "-")
	return x != y && x != "" && y != ""
}

func near(a, b *time.Time) bool {
	return a != nil && b != nil && a.Sub(*b).Abs() <= 24*time.Hour
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func holds(all, some []string) bool {
	return !slices.ContainsFunc(some, func(x string) bool { return !slices.Contains(all, x) })
}
