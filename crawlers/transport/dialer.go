package transport

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// dialer refuses addresses inside the operator's network. It looks at connect
// time, after DNS and at each address of a name that has several, so a name that
// resolves to 127.0.0.1, to a cloud's metadata service or to something else on the
// second look (DNS rebinding) is refused whatever page, feed or redirect it came
// from. A host in resolve is the operator's own exception, for that address and
// the source's ports; so is the proxy.
type dialer struct {
	resolve  map[string]string
	resolver *net.Resolver
	proxy    string // host:port; empty for none
	judge    func(netip.Addr) error
}

func newDialer(o Options) *dialer {
	d := &dialer{resolve: o.Resolve, resolver: o.Resolver, judge: public}
	if o.Proxy != nil {
		port := o.Proxy.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[o.Proxy.Scheme]
		}
		d.proxy = net.JoinHostPort(o.Proxy.Hostname(), port)
	}
	return d
}

// dial expects the policy in ctx: net/http keeps the values of the request that
// began the connection.
func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	plain := net.Dialer{Timeout: 10 * time.Second, Resolver: d.resolver}
	if d.proxy != "" && address == d.proxy {
		return plain.DialContext(ctx, network, address)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if err := openPort(ctx, port); err != nil {
		return nil, err
	}
	if at, ok := d.resolve[hostKey(host)]; ok {
		return plain.DialContext(ctx, network, at)
	}
	plain.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return d.judge(at.Addr())
	}
	return plain.DialContext(ctx, network, address)
}

// public is nil for an address on the open Internet.
func public(ip netip.Addr) error {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Is6() && !unicast6.Contains(ip) || inside(ip) {
		return fmt.Errorf("%w to %s: not a public address", ErrRefused, ip)
	}
	return nil
}

// unicast6 is all of IPv6 that is given out to the Internet. What lies outside
// is local, or embeds an IPv4 address (NAT64, IPv4-compatible).
var unicast6 = netip.MustParsePrefix("2000::/3")

// reserved are the ranges of the IANA special-purpose registries (RFC 6890)
// inside what netip calls global: this network, shared address space, IETF
// protocol assignments, documentation, benchmarking, 6to4 and Teredo, which
// embed other addresses. The last is the metadata service of Azure.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("168.63.129.16/32"),
}

func inside(ip netip.Addr) bool {
	for _, r := range reserved {
		if r.Contains(ip) {
			return true
		}
	}
	return false
}
