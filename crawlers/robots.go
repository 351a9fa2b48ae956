package crawlers

import (
	"fmt"
	"net/url"
)

// robots reads the sitemaps the site's robots.txt names (sitemaps.org, "Specifying
// the Sitemap location").
func (r *reader) robots(address string) error {
	site, err := url.Parse(address)
	if err != nil {
		return err
	}
	named, err := r.wire.Sitemaps(r.colly.Context, site.Scheme+"://"+site.Host)
	if err != nil {
		return verdict(address, 0, err)
	}
	if len(named) == 0 {
		return fmt.Errorf("the robots.txt of %s names no sitemap", site.Host)
	}
	children := make([]Child, len(named))
	for i, loc := range named {
		children[i].Loc = loc
	}
	_, err = r.below(address, children, 0)
	return err
}
