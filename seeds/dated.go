package seeds

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"
)

// Dated is an address that holds dates in braces, in the words of Go's time
// package: https://…/news-{2006-1}.xml is a list a month, …/{2006}/{01}/{02}.xml
// one a day.
type Dated struct {
	text  string
	daily bool
	zone  *time.Location
}

// Period is the list of one day or month.
type Period struct {
	Address  string
	From, To time.Time // its first moment, and the first after it
}

// pageNumber is the one thing besides dates that braces may hold; JSON lists count by it.
const pageNumber = "{page}"

var braces = regexp.MustCompile(`\{([^{}]*)\}`)

// Dated reads the dates in an address; false when it holds none.
func (s *Source) Dated(address string) (Dated, bool) {
	d, err := readDated(address, s.Zone)
	return d, err == nil && d.text != ""
}

// readDated gives the zero Dated for an address without braces.
func readDated(address string, zone *time.Location) (Dated, error) {
	plain := strings.ReplaceAll(address, pageNumber, "")
	if !strings.ContainsAny(plain, "{}") {
		return Dated{}, nil
	}
	d := Dated{text: address, zone: zone}
	for _, m := range braces.FindAllStringSubmatch(plain, -1) {
		if day(2001, 1, 11).Format(m[1]) == day(2002, 12, 23).Format(m[1]) {
			return Dated{}, fmt.Errorf("{%s} is no date in Go's words, such as {2006-01-02}", m[1])
		}
	}
	if strings.ContainsAny(braces.ReplaceAllString(plain, ""), "{}") {
		return Dated{}, errors.New("a brace is open")
	}
	if d.on(day(2001, 1, 11)) == d.on(day(2002, 1, 11)) || d.on(day(2001, 1, 11)) == d.on(day(2001, 2, 11)) {
		return Dated{}, errors.New("the dates in braces need a year and a month at least, such as {2006-01}")
	}
	d.daily = d.on(day(2001, 1, 11)) != d.on(day(2001, 1, 12))
	return d, nil
}

func day(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

func (d Dated) on(t time.Time) string {
	return braces.ReplaceAllStringFunc(d.text, func(m string) string {
		if m == pageNumber {
			return m
		}
		return t.Format(m[1 : len(m)-1])
	})
}

// firstYear ends the way back: there was no news on the web before.
const firstYear = 1991

// Back gives the lists from the one that holds the moment to, backwards, while
// they hold anything after from. Days and months are the source's.
func (d Dated) Back(from, to time.Time) iter.Seq[Period] {
	return func(yield func(Period) bool) {
		y, m, n := to.In(d.zone).Date()
		for {
			if !d.daily {
				n = 1
			}
			p := Period{From: time.Date(y, m, n, 0, 0, 0, 0, d.zone)}
			p.To = p.From.AddDate(0, 1, 0)
			if d.daily {
				p.To = p.From.AddDate(0, 0, 1)
			}
			p.Address = d.on(p.From)
			if !p.To.After(from) || p.From.Year() < firstYear || !yield(p) {
				return
			}
			if d.daily {
				y, m, n = time.Date(y, m, n-1, 12, 0, 0, 0, time.UTC).Date()
			} else {
				y, m, _ = time.Date(y, m-1, 1, 12, 0, 0, 0, time.UTC).Date()
			}
		}
	}
}
