package crawlers

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/mmcdole/gofeed"
	format "github.com/mmcdole/gofeed/rss"

	"attache/internal/charset"
)

const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

// feed reads RSS, RDF, Atom or JSON Feed. Items are told apart by their links:
// some publishers repeat a guid.
func (r *reader) feed(address string) error {
	page, err := r.get(address, acceptFeed, nil)
	if err != nil || page.Unchanged {
		return err
	}
	text, err := xmlText(page)
	if err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	feed, err := parseFeed(text)
	if err != nil {
		return fmt.Errorf("%s is no feed: %w", address, err)
	}
	entries := make([]Listed, 0, len(feed.Items))
	for _, item := range feed.Items {
		entries = append(entries, r.item(page.URL, item))
	}
	if err := r.add(address, entries); err != nil {
		return err
	}
	r.hold(address, page, nil)
	return nil
}

func (r *reader) item(base string, item *gofeed.Item) Listed {
	l := Listed{URL: resolve(base, item.Link), Title: item.Title, Published: moment(item.Published, r.source.Zone), Modified: moment(item.Updated, r.source.Zone)}
	if l.Published.IsZero() && item.PublishedParsed != nil {
		l.Published = *item.PublishedParsed
	}
	if l.Modified.IsZero() && item.UpdatedParsed != nil {
		l.Modified = *item.UpdatedParsed
	}
	return l
}

// maxDepth of elements in a feed. The parser goes down into them by recursion, and
// a stack that overflows cannot be caught.
const maxDepth = 10_000

func parseFeed(text []byte) (*gofeed.Feed, error) {
	if deep(text) {
		return nil, fmt.Errorf("its elements are nested more than %d deep", maxDepth)
	}
	parser := gofeed.NewParser()
	parser.RSSTranslator = lean{}
	return parser.Parse(bytes.NewReader(text))
}

// deep counts the elements that are open at once, roughly: more than there are in
// a document that is not well formed.
func deep(text []byte) bool {
	for depth := 0; ; {
		at := bytes.IndexByte(text, '<')
		if at < 0 || depth > maxDepth {
			return depth > maxDepth
		}
		text = text[at+1:]
		switch {
		case bytes.HasPrefix(text, []byte("![CDATA[")):
			_, text, _ = bytes.Cut(text, []byte("]]>"))
		case bytes.HasPrefix(text, []byte("!--")):
			_, text, _ = bytes.Cut(text, []byte("-->"))
		case bytes.HasPrefix(text, []byte("/")):
			depth--
		case len(text) > 0 && text[0] != '!' && text[0] != '?':
			end := max(bytes.IndexByte(text, '>'), 0)
			if depth++; end > 0 && text[end-1] == '/' {
				depth--
			}
			text = text[end:]
		}
	}
}

// lean translates what a list needs of RSS: not the items' texts, which it would
// search for images. The guid of an item without a link stands in for it, unless it
// says that it is none (RSS 2.0, guid).
type lean struct{ gofeed.DefaultRSSTranslator }

func (l lean) Translate(feed any) (*gofeed.Feed, error) {
	if f, ok := feed.(*format.Feed); ok {
		for _, item := range f.Items {
			item.Description, item.Content = "", ""
			if g := item.GUID; item.Link == "" && g != nil && g.IsPermalink != "false" {
				item.Link = g.Value
			}
		}
	}
	return l.DefaultRSSTranslator.Translate(feed)
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*\?>`)

// xmlText is the document in UTF-8 without its XML declaration, which may still
// claim the encoding it came in: some feeds do declare and send UTF-16. A file
// that was stored zipped is unzipped.
func xmlText(page Page) ([]byte, error) {
	body, err := gunzip(page.Body)
	if err != nil {
		return nil, err
	}
	text, err := charset.ToUTF8(body, page.ContentType)
	if err != nil {
		return nil, err
	}
	return declaration.ReplaceAll(text, nil), nil
}
