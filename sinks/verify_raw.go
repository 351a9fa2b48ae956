package sinks

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// segmentKey is how a segment of captures is called.
var segmentKey = regexp.MustCompile(`^v1/raw/source=[^/]+/fetch_date=[^/]+/[^/]+\.warc\.gz$`)

// captured says which segments of captures the rows of the drops point at in vain.
// Those that are older than all there are were removed for their age, and a copy may
// be without captures: that is noted.
func (p *past) captured(sizes map[string]int64) (findings []Finding, notes []string) {
	if len(p.segments) == 0 {
		return nil, nil
	}
	if len(sizes) == 0 {
		return nil, []string{fmt.Sprintf("no captures are here: the %d segments that rows point at were not looked for", len(p.segments))}
	}
	oldest := ""
	for key := range sizes {
		if day := fetchDate(key); day != "" && (oldest == "" || day < oldest) {
			oldest = day
		}
	}
	expired := 0
	for _, key := range slices.Sorted(maps.Keys(p.segments)) {
		r := p.segments[key]
		switch size, ok := sizes[key]; {
		case !ok && fetchDate(key) < oldest:
			expired++
		case !ok:
			findings = append(findings, Finding{r.drop, key, Missing, fmt.Sprintf("the page of %s is to be in it", r.article)})
		case size <= r.offset:
			findings = append(findings, Finding{r.drop, key, Differs, fmt.Sprintf("it ends after %d bytes, the page of %s is to be at %d", size, r.article, r.offset)})
		}
	}
	if expired > 0 {
		notes = append(notes, fmt.Sprintf("%d segments that rows point at are of days before %s, of which no captures are here", expired, oldest))
	}
	return findings, notes
}

// fetchDate is the day of a segment; empty when its key does not say.
func fetchDate(key string) string {
	_, rest, _ := strings.Cut(key, "/fetch_date=")
	day, _, ok := strings.Cut(rest, "/")
	if !ok || !isDate(day) {
		return ""
	}
	return day
}
