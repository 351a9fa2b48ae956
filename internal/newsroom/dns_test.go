package newsroom

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
)

func resolver(t *testing.T, r *Room) *net.Resolver {
	t.Helper()
	at, err := r.DNS()
	if err != nil {
		t.Fatal(err)
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", at)
	}}
}

func TestDNS(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	names := resolver(t, r)
	look := func(host, want string) {
		t.Helper()
		if got, err := names.LookupHost(t.Context(), host); err != nil || !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, %v; want %s", host, got, err, want)
		}
	}
	for _, host := range r.Hosts() {
		look(host, "127.0.0.1")
	}
	look("VTCNews.vn", "127.0.0.1")
	if _, err := names.LookupHost(t.Context(), "example.org."); err == nil || !isNotFound(err) {
		t.Errorf("example.org: %v", err)
	}
	if err := r.Play(read(t, "- {host: '*.vietnamplus.vn', dns_rebind: 1.2.3.4}\n- {host: vtcnews.vn, dns_rebind: '2001:db8::1'}\n- {reset: true}")); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"en.vietnamplus.vn", "zh.vietnamplus.vn"} {
		look(host, "1.2.3.4")
		look(host, "127.0.0.1")
		look(host, "127.0.0.1")
	}
	look("vietnamnews.vn", "127.0.0.1")
	for _, want := range []int{1, 0} { // IPv6 addresses, first and after
		if got, err := names.LookupNetIP(t.Context(), "ip6", "vtcnews.vn"); len(got) != want || want == 0 && !isNotFound(err) {
			t.Errorf("vtcnews.vn in IPv6: %v, %v", got, err)
		}
	}
	again, err := r.DNS()
	if first, _ := r.DNS(); err != nil || again != first {
		t.Errorf("a second server: %s, %s", again, first)
	}
}

func isNotFound(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	return ok && e.IsNotFound
}

func FuzzResolve(f *testing.F) {
	r, err := Open(Options{Now: now})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = r.Close() })
	f.Add([]byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07vtcnews\x02vn\x00\x00\x01\x00\x01"))
	f.Fuzz(func(_ *testing.T, message []byte) { _, _ = r.resolve(message) })
}

func TestNeedsDNS(t *testing.T) {
	t.Parallel()
	if err := read(t, "- {host: vtcnews.vn, reset: true}\n- {advance: 2h}").NeedsDNS(); err != nil {
		t.Error(err)
	}
	err := read(t, "- {host: vtcnews.vn, reset: true}\n- {host: vtcnews.vn, dns_rebind: 1.2.3.4}").NeedsDNS()
	if err == nil || !strings.HasPrefix(err.Error(), "s.yaml:2:4: dns_rebind is for tests") {
		t.Errorf("%v", err)
	}
}
