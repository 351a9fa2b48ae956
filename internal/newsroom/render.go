package newsroom

import (
	"bytes"
	"embed"
	"html/template"
	"strconv"
	"strings"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"at":           func(layout string, t time.Time) string { return t.Format(layout) },
	"iso":          func(t time.Time) string { return t.Format(isoTime) },
	"arabic":       arabicDate,
	"weekday":      vietnameseWeekday,
	"weekdayLower": func(t time.Time) string { return sentenceCase(vietnameseWeekday(t)) },
	"number":       strconv.Atoi,
	"views":        func(s Story) int { return 100 + int(s.Age.Abs().Minutes()) },
	"slug":         slug,
	"plus":         func(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "+") },
	"named":        func(s string) template.HTML { return entities(s, named) },
	"decimal":      func(s string) template.HTML { return entities(s, decimal) },
	"trusted":      func(s string) template.HTML { return template.HTML(s) }, //nolint:gosec // only markup written in this package's Go files
}).ParseFS(pageFiles, "pages/*.html"))

const isoTime = "2006-01-02T15:04:05-07:00"

// render fills a template; a failure is kept in s and ends Open.
func (s *site) render(name string, data any) []byte {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		s.fail(err)
	}
	return b.Bytes()
}
