package transport

import (
	"context"
	"fmt"
	"net/url"
)

// Sitemaps gives the addresses of the sitemaps that the robots.txt of an origin,
// such as https://news.example.com, names; it is asked for by the policy of ctx
// when it is not known. What is no http(s) address is left out.
func (t *Transport) Sitemaps(ctx context.Context, origin string) ([]string, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is no origin such as https://news.example.com", origin)
	}
	rules, err := t.robots.rules(ctx, u)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, s := range rules.sitemaps {
		if at, err := u.Parse(s); err == nil && at.Host != "" && (at.Scheme == "https" || at.Scheme == "http") {
			found = append(found, at.String())
		}
	}
	return found, nil
}

// RobotsDigest is the sha256, in hex, of the robots.txt in force for an origin;
// empty when it has none or was not asked.
func (t *Transport) RobotsDigest(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return t.robots.digest(originOf(u))
}

func (r *robots) digest(origin string) string {
	r.mu.Lock()
	p := r.origins[origin]
	r.mu.Unlock()
	if p == nil {
		return ""
	}
	if rules := p.is.Load(); rules.fresh(r.pace.now()) {
		return rules.digest
	}
	return ""
}
