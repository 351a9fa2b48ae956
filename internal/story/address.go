package story

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Attributed is the article that an attribution line leads to, in a form that
// is equal for the addresses one page goes by: http and https, www., m. and amp
// twins, what campaigns append, a fragment, a closing slash, percent-encoding.
// It is "" for what is no address of an article, such as a publisher's home
// page. A slug may still have changed since: ask the rules of the source for
// its number first.
func Attributed(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	path := strings.TrimSuffix(u.Path, "/")
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".amp"), "/amp")
	if path == "" && u.RawQuery == "" {
		return ""
	}
	query := u.Query()
	for name := range query {
		if campaigns.MatchString(name) {
			query.Del(name)
		}
	}
	out := norm.NFC.String(hostname(u) + path)
	if len(query) > 0 {
		out += "?" + query.Encode()
	}
	return out
}

var campaigns = regexp.MustCompile(`^(?:utm_.*|fbclid|gclid|zarsrc|amp)$`)

func hostname(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	for _, twin := range []string{"www.", "m.", "amp."} {
		if rest, ok := strings.CutPrefix(host, twin); ok && strings.Contains(rest, ".") {
			return rest
		}
	}
	return host
}

// Edition is equal for the editions of one article in different languages,
// where the publisher's addresses tell, and "" where they do not. Vietnam.vn has
// the Vietnamese headline in the address in every language. The numbers of
// VietnamPlus do not tell: each language counts its own.
func Edition(address string) string {
	u, err := url.Parse(address)
	if err != nil || hostname(u) != "vietnam.vn" {
		return ""
	}
	if m := editions.FindStringSubmatch(u.Path); m != nil {
		return "vietnam.vn/" + m[1]
	}
	return ""
}

// editions wants three words at least: sections have one or two.
var editions = regexp.MustCompile(`^/(?:[a-z]{2}(?:-[A-Za-z]{2,4})?/)?((?:[a-z0-9]+-){2,}[a-z0-9]+)/?$`)
