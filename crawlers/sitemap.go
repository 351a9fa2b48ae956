package crawlers

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of one sitemap. The protocol (sitemaps.org) allows 50,000 entries and
// 50 MB; an index is followed one level down.
const (
	maxEntries  = 50_000
	maxUnzipped = 50 << 20
	maxChildren = 12
)

// sitemapEntry is a <url> or <sitemap> of the protocol, with Google's news extension.
type sitemapEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    struct {
		Published string `xml:"publication_date"`
		Title     string `xml:"title"`
	} `xml:"news"`
}

// sitemap reads a urlset, or an index and those of its children that may hold
// something after the given time.
func (c *Crawler) sitemap(address string, after time.Time, depth int) ([]Listed, error) {
	page, err := c.get(address, "application/xml, text/xml;q=0.9, */*;q=0.5")
	if err != nil {
		return nil, err
	}
	if page.Body, err = gunzip(page.Body); err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	text, err := xmlText(page)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	entries, children, err := parseSitemap(bytes.NewReader(text))
	if err != nil {
		return entries, fmt.Errorf("%s is no sitemap: %w", address, err)
	}
	if depth > 0 {
		if len(children) > 0 {
			err = fmt.Errorf("%s is an index inside an index; it was not followed", address)
		}
		return entries, err
	}
	// Newest first: what the bound leaves is the oldest.
	slices.SortStableFunc(children, func(a, b sitemapEntry) int { return b.reach().Compare(a.reach()) })
	followed := 0
	var problems []error
	for _, child := range children {
		if !child.reach().After(after) {
			break
		}
		if followed++; followed > maxChildren {
			problems = append(problems, fmt.Errorf("%s names more than %d sitemaps of the time; the rest was left", address, maxChildren))
			break
		}
		more, err := c.sitemap(strings.TrimSpace(child.Loc), after, depth+1)
		entries, problems = append(entries, more...), append(problems, err)
	}
	return entries, errors.Join(problems...)
}

// parseSitemap gives what stands before a mistake along with it.
func parseSitemap(r io.Reader) (entries []Listed, children []sitemapEntry, err error) {
	d := xml.NewDecoder(r)
	d.Strict = false
	root := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return entries, children, nil
		}
		if err != nil {
			return entries, children, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch name := start.Name.Local; {
		case root == "" && (name == "urlset" || name == "sitemapindex"):
			root = name
		case root == "":
			return nil, nil, fmt.Errorf("it begins with <%s>", name)
		case name == "url" || name == "sitemap":
			var e sitemapEntry
			if err := d.DecodeElement(&e, &start); err != nil {
				return entries, children, err
			}
			if name == "sitemap" {
				children = append(children, e)
			} else {
				entries = append(entries, Listed{URL: e.Loc, Title: e.News.Title, Published: moment(e.News.Published), Modified: moment(e.LastMod)})
			}
			if len(entries)+len(children) > maxEntries {
				return entries, children, fmt.Errorf("it has more than %d entries", maxEntries)
			}
		}
	}
}

// moment reads a date of the protocol (W3C Datetime); zero when it is none.
func moment(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	// A bare day is its end: the entry may be as late as that.
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.Add(24*time.Hour - time.Second)
	}
	return time.Time{}
}

var dated = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)-(0?[1-9]|1[0-2])(?:-(\d{1,2}))?(?:\D|$)`)

// reach is the latest time of which a child of an index may hold something: by its
// name's month or day, else by its last change. It is zero for a child that tells
// neither: a list of sections or tags.
func (e sitemapEntry) reach() time.Time {
	if m := dated.FindStringSubmatch(e.Loc); m != nil {
		n := [3]int{}
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // digits, or the day left out: 0
		}
		end := time.Date(n[0], time.Month(n[1]), n[2]+1, 0, 0, 0, 0, time.UTC)
		if n[2] == 0 {
			end = time.Date(n[0], time.Month(n[1])+1, 1, 0, 0, 0, 0, time.UTC)
		}
		return end.Add(24 * time.Hour) // a day of grace for time zones
	}
	return moment(e.LastMod)
}

// gunzip opens a file that was stored zipped; .xml.gz is a kind of file, not an
// encoding of the answer.
func gunzip(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, maxUnzipped+1))
	if err == nil && len(text) > maxUnzipped {
		err = fmt.Errorf("it unzips to more than %d bytes", maxUnzipped)
	}
	return text, err
}
