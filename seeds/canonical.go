package seeds

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Spelling is what a source knows of how its addresses vary.
type Spelling struct {
	Hosts map[string]string `yaml:"hosts"` // other names of a host, such as the mobile one: the one that counts
	HTTPS bool              `yaml:"https"` // http addresses are https ones
	Cut   []Pattern         `yaml:"cut"`   // parts of paths that mean nothing, such as a session's
	Query []string          `yaml:"query"` // the only parameters that count; [] for none; left out, all but the trackers' do
}

// tracking are the parameters that tell how a reader came and nothing of what is
// read: of Google's and other advertisers' click ids, Facebook, Zalo, the mail
// services, Matomo and AddToAny; and sessions.
var tracking = regexp.MustCompile(`(?i)^(?:utm_\w+|utm|gclid|gclsrc|dclid|gbraid|wbraid|gad_\w+|_gl|_ga|srsltid|fbclid|fb_\w+|igshid|igsh|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|zarsrc|zalo|zalosrc|vgclid|` +
	`mc_[ce]id|mkt_tok|_hsenc|_hsmi|__hs\w+|vero_\w+|oly_\w+|mtm_\w+|pk_\w+|matomo_\w+|piwik_\w+|__cf_chl_\w+|phpsessid|jsessionid|aspxautodetectcookiesupport)$`)

// maxAddress is longer than any article's; browsers and proxies take no more either.
const maxAddress = 8 << 10

var parser = whatwg.NewParser()

// Canonical is the one spelling of an http(s) address: parsed by the WHATWG URL
// standard, its percent-encoding normalised (RFC 3986, 6.2.2), without user,
// fragment, default port, the dot that ends a host, trackers' parameters, and
// what the source's own rules take away. The scheme is kept unless the source
// says otherwise. Canonical of a canonical address is itself.
func (s *Source) Canonical(address string) (string, error) {
	for range 8 { // what a cut leaves may be cut again
		next, err := s.canonical(address)
		if err != nil || next == address {
			return next, err
		}
		address = next
	}
	return "", fmt.Errorf("%q has no canonical form: the source's cuts lead on and on", address)
}

func (s *Source) canonical(address string) (string, error) {
	if len(address) > maxAddress {
		return "", fmt.Errorf("an address of %d bytes is none", len(address))
	}
	u, err := parser.Parse(address)
	if err != nil {
		return "", fmt.Errorf("%.200q is no address: %w", address, err)
	}
	scheme, host, port := u.Scheme(), strings.TrimRight(u.Hostname(), "."), u.Port()
	if scheme != "http" && scheme != "https" || host == "" {
		return "", errors.New("it is no http(s) address")
	}
	host = cmp.Or(s.Spelling.Hosts[host], host)
	if s.Spelling.HTTPS && port == "" {
		scheme = "https"
	}
	if port != "" {
		port = ":" + port
	}
	path := unreserved(u.Pathname())
	for _, c := range s.Spelling.Cut {
		path = c.ReplaceAllLiteralString(path, "")
	}
	return scheme + "://" + host + port + "/" + strings.TrimPrefix(path, "/") + s.query(u.Query()), nil
}

// query is what counts of a query, with its question mark.
func (s *Source) query(query string) string {
	if query == "" {
		return ""
	}
	parameters := slices.DeleteFunc(strings.Split(query, "&"), func(parameter string) bool {
		name, _, _ := strings.Cut(parameter, "=")
		name = unreserved(name)
		return parameter == "" || tracking.MatchString(name) || s.Spelling.Query != nil && !slices.Contains(s.Spelling.Query, name)
	})
	if len(parameters) == 0 {
		return ""
	}
	return "?" + unreserved(strings.Join(parameters, "&"))
}

var escape = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

// unreserved decodes what needs no percent-encoding and writes the rest in
// capitals (RFC 3986, 6.2.2.1 and 6.2.2.2).
func unreserved(text string) string {
	return escape.ReplaceAllStringFunc(text, func(e string) string {
		b := digit(e[1])<<4 | digit(e[2])
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-._~", b) >= 0 {
			return string(rune(b))
		}
		return strings.ToUpper(e)
	})
}

// digit is the value of a hexadecimal one.
func digit(d byte) byte {
	switch {
	case d >= 'a':
		return d - 'a' + 10
	case d >= 'A':
		return d - 'A' + 10
	}
	return d - '0'
}
