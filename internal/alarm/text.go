package alarm

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"text/template"
	"time"
)

// Text is the alert's line: what Prometheus would make of the rule's Says.
func (a Alert) Text() string {
	t := templates()[a.Rule.Name]
	if t == nil {
		return a.Rule.Name // a test holds that all parse
	}
	var b strings.Builder
	if err := t.Execute(&b, a); err != nil {
		return a.Rule.Name
	}
	return b.String()
}

var templates = sync.OnceValue(func() map[string]*template.Template {
	parsed := map[string]*template.Template{}
	for _, r := range Rules {
		if t, err := template.New("").Funcs(funcs).Parse(`{{ $labels := .Labels }}{{ $value := .Value }}` + r.Says); err == nil {
			parsed[r.Name] = t
		}
	}
	return parsed
})

// funcs are those of Prometheus's templates that the rules use.
var funcs = template.FuncMap{
	"humanizePercentage": func(v float64) string { return fmt.Sprintf("%.4g%%", 100*v) },
	"humanizeDuration":   humanizeDuration,
}

// humanizeDuration writes seconds as Prometheus does: 1d 2h 3m 4s.
func humanizeDuration(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Sprintf("%.4g", v)
	}
	if math.Abs(v) < 60 {
		return fmt.Sprintf("%.4gs", v)
	}
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	d := time.Duration(v) * time.Second
	s, m, h, days := int64(d.Seconds())%60, int64(d.Minutes())%60, int64(d.Hours())%24, int64(d.Hours())/24
	switch {
	case days > 0:
		return fmt.Sprintf("%s%dd %dh %dm %ds", sign, days, h, m, s)
	case h > 0:
		return fmt.Sprintf("%s%dh %dm %ds", sign, h, m, s)
	}
	return fmt.Sprintf("%s%dm %ds", sign, m, s)
}
