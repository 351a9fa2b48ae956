package quality

import (
	"bytes"
	"embed"
	"html/template"
	"time"

	"attache/internal/article"
)

//go:embed page
var files embed.FS

var page = template.Must(template.New("report.html").Funcs(template.FuncMap{
	"number": number, "decimal": decimal, "words": words, "span": span, "percent": percent, "plural": plural,
	"draw": draw, "link": link, "weight": weight, "speak": speak,
	"changes": changes, "cover": cover, "lengths": lengths, "lateness": lateness, "entries": entries, "audit": audit, "total": total, "lost": func(l *article.Ledger) string { return ends(l, lost) },
}).ParseFS(files, "page/*.html"))

// HTML is the report as one page that loads nothing from elsewhere and runs no script.
// It is the same for equal reports.
func (r Report) HTML() ([]byte, error) {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = time.UTC
	}
	v := view{Report: r, zone: zone, names: map[string]string{}}
	for _, p := range r.Sources {
		v.names[p.ID] = p.label()
	}
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
