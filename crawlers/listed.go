package crawlers

import (
	"strings"
	"time"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Listed is one article, as some step of the source lists it.
type Listed struct {
	ID        string    // the article's identity
	URL       string    // canonical
	As        string    // the address as listed, when that is another one; else empty
	Title     string    // empty when the list has none
	Published time.Time // zero when the list does not say
	Modified  time.Time // when it last changed, of lists that say only that
}

// date is the best the list says of when it was news.
func (l Listed) date() time.Time {
	if l.Published.IsZero() {
		return l.Modified
	}
	return l.Published
}

// before holds for what the list dates before t. What has no date may be new.
func (l Listed) before(t time.Time) bool { return !l.date().IsZero() && l.date().Before(t) }

// complete adds what another list knows of the same article.
func (l *Listed) complete(other Listed) {
	if l.Title == "" {
		l.Title = other.Title
	}
	if l.Published.IsZero() {
		l.Published = other.Published
	}
	if l.Modified.IsZero() {
		l.Modified = other.Modified
	}
}

// listed tells whether an entry leads to one of the source's articles, and names it.
func (c *Crawler) listed(l Listed) (Listed, bool) {
	canonical, err := c.source.Canonical(l.URL)
	if err != nil {
		return l, false
	}
	id, ok := c.source.Identify(canonical)
	if as, _, _ := strings.Cut(l.URL, "#"); as != canonical {
		l.As = as
	}
	l.ID, l.URL = id, canonical
	return l, ok
}

// resolve makes a link found at base absolute; "" when it leads nowhere.
func resolve(base, link string) string {
	if strings.TrimSpace(link) == "" {
		return ""
	}
	u, err := whatwg.ParseRef(base, link)
	if err != nil || u.Scheme() != "http" && u.Scheme() != "https" {
		return ""
	}
	return u.Href(false)
}
