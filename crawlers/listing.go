package crawlers

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"attache/internal/charset"
	"attache/seeds"
)

// listing reads an HTML list.
func (r *reader) listing(address string, l *seeds.Listing) error {
	return r.walk(address, l.StopAfterKnown, l.MaxPages,
		func(page Page) (leaf, error) { return r.leaf(page, l) },
		func(address string) (Page, error) { return r.get(address, acceptPage, nil) })
}

// leaf reads one page of a listing.
func (r *reader) leaf(page Page, l *seeds.Listing) (leaf, error) {
	text, err := charset.ToUTF8(page.Body, page.ContentType)
	if err != nil {
		return leaf{}, fmt.Errorf("%s: %w", page.URL, err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		return leaf{}, fmt.Errorf("%s: %w", page.URL, err)
	}
	base := page.URL
	if href := resolve(base, doc.Find("base[href]").First().AttrOr("href", "")); href != "" {
		base = href
	}
	items := doc.FindMatcher(l.Item)
	if items.Length() == 0 {
		return leaf{}, fmt.Errorf("%s: nothing matches %q; has the page a new layout?", page.URL, l.Item.Text)
	}
	var out leaf
	for _, n := range items.Nodes[:min(items.Length(), maxEntries+1)] { // one too many is told
		item := goquery.NewDocumentFromNode(n).Selection
		link := item.FindMatcher(l.Link).First()
		if link.Length() == 0 {
			link = item.FilterMatcher(l.Link) // the item may be the link itself
		}
		out.items = append(out.items, Listed{
			URL:       resolve(base, link.AttrOr("href", "")),
			Title:     words(link.Text()),
			Published: r.shown(item, l),
		})
	}
	if l.Next.Selector != nil {
		out.next = resolve(base, doc.FindMatcher(l.Next).First().AttrOr("href", ""))
	}
	return out, nil
}

// shown is the date an item of a listing shows.
func (r *reader) shown(item *goquery.Selection, l *seeds.Listing) time.Time {
	p := l.Published
	if p == nil {
		return time.Time{}
	}
	if p.Pattern != nil {
		if m := p.Pattern.FindStringSubmatch(item.Text()); m != nil {
			return moment(words(m[1]), r.source.Zone, l.Layouts...)
		}
		return time.Time{}
	}
	found := item.FindMatcher(p.Selector).First()
	text := found.Text()
	if p.Attr != "" {
		text = found.AttrOr(p.Attr, "")
	}
	return moment(words(text), r.source.Zone, l.Layouts...)
}

// words are those of a text with single spaces between them.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
