package transport

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// guard refuses addresses that no publisher has, by the URL alone: other ports
// than the source's, and hosts that are written as an address inside somebody's
// network. The [dialer] sees more, after DNS; but it does not see a request that
// travels on another one's connection, nor what is asked of a proxy.
type guard struct {
	next    http.RoundTripper
	resolve map[string]string
	proxied bool // names are resolved where the dialer does not see it
}

func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.judge(req.Context(), req.URL); err != nil {
		return nil, err
	}
	return g.next.RoundTrip(req)
}

func (g *guard) judge(ctx context.Context, u *url.URL) error {
	host := u.Hostname()
	if _, ok := g.resolve[hostKey(host)]; !ok {
		if err := publicHost(host); err != nil {
			return err
		}
		if g.proxied && local.MatchString(hostKey(host)) {
			return fmt.Errorf("%w to %s by way of the proxy: a name of a private network", ErrRefused, host)
		}
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return openPort(ctx, port)
}

// number ends a host that is an IPv4 address in one of its many forms, of which
// 127.1, 0x7f.1 and 2130706433 are the same (WHATWG URL, "ends in a number").
var number = regexp.MustCompile(`(?i)(^|\.)([0-9]+|0x[0-9a-f]*)$`)

// local is a name that only means something inside a network: one without a dot,
// localhost (RFC 6761), local (RFC 6762), internal (reserved by ICANN).
var local = regexp.MustCompile(`^[^.:]*$|\.(?:localhost|local|internal)$`)

// publicHost is nil for a name, or a public address in its usual form.
func publicHost(host string) error {
	ascii, err := idna.Lookup.ToASCII(host) // as net/http does: full-width digits are digits
	if err != nil {
		ascii = host
	}
	ascii = strings.TrimSuffix(ascii, ".")
	if ip, err := netip.ParseAddr(ascii); err == nil {
		return public(ip)
	}
	if number.MatchString(ascii) {
		return fmt.Errorf("%w to %s: not a public address, or one in disguise", ErrRefused, host)
	}
	return nil
}

// openPort is nil for a port the source of ctx may use.
func openPort(ctx context.Context, port string) error {
	n, err := strconv.Atoi(port)
	if err == nil && (n == 80 || n == 443 || slices.Contains(policyOf(ctx).Ports, n)) {
		return nil
	}
	return fmt.Errorf("%w to port %q: publishers are on 80 and 443; name others in the source file, under ports", ErrRefused, port)
}

// hostKey is a host as the operator's exceptions name it.
func hostKey(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }
