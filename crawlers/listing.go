package crawlers

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"attache/internal/charset"
	"attache/seeds"
)

// listing reads an HTML list page by page, until enough addresses in a row were
// known, or there is no next page, or the allowed number was read.
func (c *Crawler) listing(l *seeds.Listing, known func(id string) bool) ([]Listed, error) {
	var entries []Listed
	inARow := 0
	address := l.URL
	for page := 1; page <= l.MaxPages; page++ {
		doc, base, err := c.document(address)
		if err != nil {
			return entries, err
		}
		items := doc.FindMatcher(l.Item)
		if items.Length() == 0 {
			return entries, fmt.Errorf("%s: nothing matches %q; has the page a new layout?", address, l.Item.Text)
		}
		for _, n := range items.Nodes {
			item := goquery.NewDocumentFromNode(n).Selection
			link := item.FindMatcher(l.Link).First()
			if link.Length() == 0 {
				link = item.FilterMatcher(l.Link) // the item may be the link itself
			}
			e := Listed{URL: resolve(base, link.AttrOr("href", "")), Title: strings.Join(strings.Fields(link.Text()), " ")}
			entries = append(entries, e)
			if id, ok := c.source.Identify(e.URL); ok && known != nil && known(id) {
				inARow++
			} else if ok {
				inARow = 0
			}
		}
		if inARow >= l.StopAfterKnown || l.Next.Selector == nil {
			break
		}
		next := resolve(base, doc.FindMatcher(l.Next).First().AttrOr("href", ""))
		if u, _ := url.Parse(next); u == nil || u.Host != base.Host || next == address { // no address: nil
			break
		}
		address = next
	}
	return entries, nil
}

func (c *Crawler) document(address string) (*goquery.Document, *url.URL, error) {
	page, err := c.get(address, "text/html,application/xhtml+xml")
	if err != nil {
		return nil, nil, err
	}
	base, err := url.Parse(page.URL)
	if err != nil {
		return nil, nil, err
	}
	text, err := charset.ToUTF8(page.Body, page.ContentType)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", address, err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", address, err)
	}
	return doc, base, nil
}

// resolve makes link absolute; "" when it is nothing.
func resolve(base *url.URL, link string) string {
	if strings.TrimSpace(link) == "" {
		return ""
	}
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	return u.String()
}
