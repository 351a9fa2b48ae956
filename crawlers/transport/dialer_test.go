package transport

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestOnlyPublicAddresses(t *testing.T) {
	t.Parallel()
	for address, allowed := range map[string]bool{
		"8.8.8.8":                true,
		"103.1.210.1":            true,
		"2606:4700::1111":        true,
		"::ffff:8.8.8.8":         true,
		"127.0.0.1":              false,
		"127.9.9.9":              false,
		"0.0.0.0":                false,
		"0.1.2.3":                false,
		"10.1.2.3":               false,
		"172.16.0.1":             false,
		"172.31.255.255":         false,
		"172.32.0.1":             true,
		"192.168.1.1":            false,
		"169.254.169.254":        false, // metadata of most clouds
		"168.63.129.16":          false, // of Azure
		"100.100.100.200":        false, // of Alibaba
		"100.64.0.1":             false, // carrier-grade NAT
		"100.128.0.1":            true,
		"192.0.0.192":            false, // metadata of Oracle
		"198.18.0.1":             false,
		"224.0.0.1":              false,
		"255.255.255.255":        false,
		"::":                     false,
		"::1":                    false,
		"::127.0.0.1":            false,
		"::ffff:127.0.0.1":       false,
		"::ffff:169.254.169.254": false,
		"64:ff9b::7f00:1":        false, // NAT64 of 127.0.0.1
		"64:ff9b:1::a00:1":       false,
		"2002:7f00:1::":          false, // 6to4 of 127.0.0.1
		"2001::1":                false, // Teredo
		"2001:db8::1":            false,
		"2001:db8::1%eth0":       false, // with a zone no prefix contains it
		"64:ff9b::7f00:1%eth0":   false,
		"fc00::1":                false,
		"fd00:ec2::254":          false, // metadata of AWS
		"fe80::1%eth0":           false,
		"fec0::1":                false,
		"ff02::1":                false,
	} {
		err := public(netip.MustParseAddr(address))
		if (err == nil) != allowed || err != nil && (!errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "not a public address")) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// trap is a service of the operator's own network; nothing may reach it.
func trap(t *testing.T) (address, port string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) }))
	t.Cleanup(s.Close)
	address = s.Listener.Addr().String()
	_, port, _ = net.SplitHostPort(address)
	return address, port
}

// on is a context whose source may use a port.
func on(t *testing.T, port string) context.Context {
	t.Helper()
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return With(t.Context(), Policy{Source: "news", Ports: []int{n}})
}

// TestResolveIsForItsHostOnly: the operator's exception opens one door.
func TestResolveIsForItsHostOnly(t *testing.T) {
	t.Parallel()
	inside, port := trap(t)
	d := newDialer(Options{Resolve: map[string]string{"news.example.com": inside}})
	for address, allowed := range map[string]bool{
		"news.example.com:443":     true,
		"news.example.com:80":      true,
		"NEWS.example.com.:443":    true,
		"news.example.com:8443":    false,
		"news.example.com:22":      false,
		inside:                     false,
		"localhost:443":            false,
		"a.news.example.com:99999": false,
	} {
		conn, err := d.dial(t.Context(), "tcp", address)
		if err == nil {
			conn.Close()
		}
		if (err == nil) != allowed || !allowed && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"news.example.com:" + port, inside} { // a source that may use the port
		conn, err := d.dial(on(t, port), "tcp", address)
		if err == nil {
			conn.Close()
		}
		if (err == nil) != (address != inside) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// names is a DNS server on loopback. A host's addresses of each look are given by
// the next of its lists, of the last for ever.
func names(t *testing.T, hosts map[string][][]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var ended sync.WaitGroup
	t.Cleanup(func() { conn.Close(); ended.Wait() })
	ended.Go(func() {
		looks := make(map[string]int)
		for packet := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			lists := hosts[strings.TrimSuffix(q.Name.String(), ".")]
			if q.Type == dnsmessage.TypeA && lists != nil {
				at := lists[min(looks[q.Name.String()], len(lists)-1)]
				looks[q.Name.String()]++
				for _, ip := range at {
					m.Answers = append(m.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET},
						Body:   &dnsmessage.AResource{A: netip.MustParseAddr(ip).As4()},
					})
				}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// errPublic is where a test turns back instead of leaving the machine.
var errPublic = errors.New("would have connected")

// watched is a dialer that judges as always, writes down what it was about to
// connect to, and leaves public addresses alone.
func watched(resolver *net.Resolver) (d *dialer, tried func() []string) {
	var mu sync.Mutex
	var all []string
	d = newDialer(Options{Resolver: resolver})
	d.judge = func(ip netip.Addr) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, ip.String())
		if err := public(ip); err != nil {
			return err
		}
		return errPublic
	}
	return d, func() []string {
		mu.Lock()
		defer mu.Unlock()
		slices.Sort(all)
		return all
	}
}

// TestEachAddressOfAName is judged, in whatever order they come.
func TestEachAddressOfAName(t *testing.T) {
	t.Parallel()
	_, port := trap(t)
	for name, c := range map[string]struct {
		addresses []string
		public    bool
	}{
		"public first":  {[]string{"8.8.8.8", "127.0.0.1"}, true},
		"private first": {[]string{"127.0.0.1", "10.0.0.1", "8.8.8.8"}, true},
		"private only":  {[]string{"127.0.0.1", "169.254.169.254"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, tried := watched(names(t, map[string][][]string{"news.example.com": {c.addresses}}))
			conn, err := d.dial(on(t, port), "tcp", "news.example.com:"+port)
			if err == nil {
				conn.Close()
				t.Fatal("connected")
			}
			want := slices.Sorted(slices.Values(c.addresses))
			if got := tried(); !slices.Equal(got, want) {
				t.Errorf("judged %v, not %v", got, want)
			}
			if c.addresses[0] == "127.0.0.1" && !errors.Is(err, ErrRefused) {
				t.Error(err)
			}
		})
	}
}

// TestRebinding: the second look-up of a name gives loopback. What is judged is
// what is connected to, so there is no look-up to slip in between.
func TestRebinding(t *testing.T) {
	t.Parallel()
	_, port := trap(t)
	d, tried := watched(names(t, map[string][][]string{"news.example.com": {{"8.8.8.8"}, {"127.0.0.1"}}}))
	o := Options{UserAgent: "attache/test", MaxBody: 1 << 20, Wire: func(base *http.Transport) { base.DialContext = d.dial }}
	chain := &guard{next: newWires(o, nil)}
	for _, want := range []error{errPublic, ErrRefused, ErrRefused} {
		req, err := http.NewRequestWithContext(on(t, port), http.MethodGet, "http://news.example.com:"+port+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := chain.RoundTrip(req); !errors.Is(err, want) {
			t.Errorf("%v, %v instead of %v", resp, err, want)
		}
	}
	if got := tried(); !slices.Equal(got, []string{"127.0.0.1", "127.0.0.1", "8.8.8.8"}) {
		t.Errorf("judged %v", got)
	}
}
