package crawlers

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// maxFile is the most the protocol (sitemaps.org) allows one file, in bytes, as
// sent and unzipped; feeds and JSON lists have as much. An HTML list is a page.
const maxFile = 50 << 20

// Child is a list that a sitemap index names.
type Child struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod" json:",omitempty"`
}

// sitemapEntry is a <url> of the protocol, with Google's news extension.
type sitemapEntry struct {
	Child
	News struct {
		Published string `xml:"publication_date"`
		Title     string `xml:"title"`
	} `xml:"news"`
}

// readSitemap reads a file of the protocol: XML, or a text of one address a line,
// either perhaps zipped. What stands before a mistake is given along with it.
func readSitemap(page Page, zone *time.Location) (entries []Listed, children []Child, err error) {
	text, err := xmlText(page)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", page.URL, err)
	}
	var urls []sitemapEntry
	if text = bytes.TrimSpace(text); bytes.HasPrefix(text, []byte("http")) {
		urls, err = lines(text)
	} else {
		urls, children, err = parseSitemap(bytes.NewReader(text))
	}
	if err != nil {
		err = fmt.Errorf("%s is no sitemap: %w", page.URL, err)
	}
	for _, e := range urls {
		entries = append(entries, Listed{
			URL:       resolve(page.URL, e.Loc),
			Title:     words(e.News.Title),
			Published: moment(e.News.Published, zone),
			Modified:  moment(e.LastMod, zone),
		})
	}
	return entries, children, err
}

// lines reads a text sitemap.
func lines(text []byte) (urls []sitemapEntry, err error) {
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !strings.HasPrefix(line, "http") {
			return urls, fmt.Errorf("a line of it is no address: %.60q", line)
		}
		if len(urls) == maxEntries {
			return urls, errTooMany
		}
		urls = append(urls, sitemapEntry{Child: Child{Loc: line}})
	}
	return urls, nil
}

var errTooMany = fmt.Errorf("it has more than %d entries; the rest was left", maxEntries)

func parseSitemap(r io.Reader) (urls []sitemapEntry, children []Child, err error) {
	d := xml.NewDecoder(r)
	d.Strict = false
	root := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return urls, children, nil
		}
		if err != nil {
			return urls, children, err
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
				return urls, children, err
			}
			if len(urls)+len(children) == maxEntries {
				return urls, children, errTooMany
			}
			if name == "sitemap" {
				children = append(children, e.Child)
			} else {
				urls = append(urls, e)
			}
		}
	}
}

// span is a stretch of time.
type span struct{ from, to time.Time }

var inName = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)-(0?[1-9]|1[0-2])(?:-(\d{1,2}))?(?:\D|$)`)

// named is the month or day in the name of a child of an index, its days begun
// and ended in every time zone. It ends no earlier than its last change: what looks
// like a month may be a number.
func (c Child) named(zone *time.Location) (span, bool) {
	m := inName.FindStringSubmatch(c.Loc)
	if m == nil {
		return span{}, false
	}
	from := time.Date(number(m[1]), time.Month(number(m[2])), max(number(m[3]), 1), 0, 0, 0, 0, zone)
	to := from.AddDate(0, 1, 0)
	if m[3] != "" {
		to = from.AddDate(0, 0, 1)
	}
	return span{from.Add(-grace), later(to.Add(grace), moment(c.LastMod, zone))}, true
}

// span is when the entries of a child may be from: the time it is named for, else
// all up to its last change. False for a child that tells neither.
func (c Child) span(zone *time.Location) (span, bool) {
	if s, ok := c.named(zone); ok {
		return s, true
	}
	changed := moment(c.LastMod, zone)
	return span{to: changed}, !changed.IsZero()
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
	text, err := io.ReadAll(io.LimitReader(z, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("it unzips to more than %d bytes", maxFile)
	}
	return text, err
}
