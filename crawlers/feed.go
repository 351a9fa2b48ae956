package crawlers

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/mmcdole/gofeed"

	"attache/internal/charset"
)

const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

// feed reads RSS, Atom or JSON Feed.
func (c *Crawler) feed(address string) ([]Listed, error) {
	page, err := c.get(address, acceptFeed)
	if err != nil {
		return nil, err
	}
	text, err := xmlText(page)
	if err != nil {
		return nil, err
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s is no feed: %w", address, err)
	}
	var entries []Listed
	for _, item := range feed.Items {
		l := Listed{URL: item.Link, Title: item.Title}
		if item.PublishedParsed != nil {
			l.Published = *item.PublishedParsed
		}
		entries = append(entries, l)
	}
	return entries, nil
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*\?>`)

// xmlText is the document in UTF-8 without its XML declaration, which may still
// claim the encoding it came in: some feeds do declare and send UTF-16.
func xmlText(page Page) ([]byte, error) {
	text, err := charset.ToUTF8(page.Body, page.ContentType)
	if err != nil {
		return nil, err
	}
	return declaration.ReplaceAll(text, nil), nil
}
