package quality

import (
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
)

func number(n int64) string { return humanize.Comma(n) }

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// decimal shows a median: whole, or with a half.
func decimal(f float64) string { return humanize.FtoaWithDigits(f, 1) }

// words is a word of a closed vocabulary as people write it.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }

// span is a length of time in the two units that matter.
func span(seconds int64) string {
	switch m := (seconds + 30) / 60; {
	case seconds < 60:
		return fmt.Sprintf("%d s", seconds)
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m < 48*60:
		return strings.TrimSuffix(fmt.Sprintf("%d h %d min", m/60, m%60), " 0 min")
	default:
		h := int64(math.Round(float64(seconds) / 3600))
		return strings.TrimSuffix(fmt.Sprintf("%s d %d h", number(h/24), h%24), " 0 h")
	}
}

// percent is a share in whole percent; none and all are said of nothing else.
func percent(part, whole int64) string {
	p := (100*part + whole/2) / max(whole, 1)
	switch {
	case p == 0 && part > 0:
		return "<1 %"
	case p == 100 && part < whole:
		p = 99
	}
	return fmt.Sprintf("%d %%", p)
}
