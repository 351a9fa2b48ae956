package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

const secure = "https://news.example.com/"

// reach is a transport that reaches a TLS server as news.example.com.
func reach(t *testing.T, s *httptest.Server, changes ...func(*Options)) *rig {
	t.Helper()
	o := Options{
		UserAgent: "attache/test (+desk@example.org)", Timeout: 30 * time.Second, MaxBody: 1 << 20,
		Resolve: map[string]string{"news.example.com": s.Listener.Addr().String()},
		Roots:   x509.NewCertPool(),
	}
	o.Roots.AddCert(s.Certificate())
	for _, change := range changes {
		change(&o)
	}
	polite, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(polite.Close)
	return &rig{Transport: polite}
}

func serve(t *testing.T, c *tls.Config, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(answer)
	s.TLS, s.EnableHTTP2 = c, c == nil
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// TestOldTLS is for the source that asks for it, and verifies certificates all the same.
func TestOldTLS(t *testing.T) {
	t.Parallel()
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}}
	s := serve(t, old, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	for name, c := range map[string]struct {
		policies []Policy
		roots    *x509.CertPool
		err      string // of the last
	}{
		"asked for":              {[]Policy{{OldTLS: true}}, nil, ""},
		"not asked for":          {[]Policy{{}}, nil, "protocol version not supported"},
		"asked for by a brother": {[]Policy{{OldTLS: true}, {Source: "other"}}, nil, "protocol version not supported"},
		"an unknown authority":   {[]Policy{{OldTLS: true}}, x509.NewCertPool(), "unknown authority"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := reach(t, s, func(o *Options) {
				if c.roots != nil {
					o.Roots = c.roots
				}
			})
			var got string
			var err error
			for _, p := range c.policies {
				req := mustRequest(t, p, secure)
				var resp *http.Response
				if resp, err = r.robots.below.RoundTrip(req); err == nil {
					text, _ := io.ReadAll(resp.Body)
					resp.Body.Close()
					got = string(text)
				}
			}
			if c.err == "" && (err != nil || got != "HTTP/1.1") || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("%q, %v; want %q", got, err, c.err)
			}
		})
	}
}

// TestOldTLSSharesNoConnection with sources that did not ask for it.
func TestOldTLSSharesNoConnection(t *testing.T) {
	t.Parallel()
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	s.StartTLS()
	defer s.Close()
	r := reach(t, s)
	for range 3 {
		for _, old := range []bool{true, false} {
			if _, text, err := r.as(t.Context(), Policy{OldTLS: old}, secure); err != nil || text != "HTTP/1.1" {
				t.Errorf("%q, %v", text, err)
			}
		}
	}
	if n := conns.Load(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestModernTLSSpeaksHTTP2(t *testing.T) {
	t.Parallel()
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	for old, want := range map[bool]string{false: "HTTP/2.0", true: "HTTP/1.1"} {
		if _, text, err := reach(t, s).as(t.Context(), Policy{OldTLS: old}, secure); err != nil || text != want {
			t.Errorf("%q, not %q: %v", text, want, err)
		}
	}
}

// TestProxyOfTheConfig carries every request, robots.txt included.
func TestProxyOfTheConfig(t *testing.T) {
	t.Parallel()
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.RequestURI) }))
	defer proxy.Close()
	o := Options{UserAgent: "attache/test", Timeout: time.Minute, MaxBody: 1 << 20, Proxy: mustParse(t, proxy.URL)}
	polite, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer polite.Close()
	if _, _, err := (&rig{Transport: polite}).get(t.Context(), home); err != nil {
		t.Error(err)
	}
	if got := strings.Join(asked, " "); got != home+"robots.txt "+home {
		t.Errorf("the proxy was asked for %s", got)
	}
	for _, other := range []string{"socks5://127.0.0.1:1080", "127.0.0.1:8080", "ftp://user:geheim@127.0.0.1"} {
		o.Proxy = &url.URL{Opaque: other}
		if u, err := url.Parse(other); err == nil {
			o.Proxy = u
		}
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), "neither http nor https") || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", other, err)
		}
	}
}

// TestNothingIsSentTwiceOverHTTP2: net/http repeats by itself what a server gives back unread.
func TestNothingIsSentTwiceOverHTTP2(t *testing.T) {
	t.Parallel()
	var streams atomic.Int32
	s := httptest.NewUnstartedServer(nil)
	s.TLS = &tls.Config{NextProtos: []string{"h2"}}
	s.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		f := http2.NewFramer(conn, conn)
		if f.WriteSettings() != nil {
			return
		}
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			if head, ok := frame.(*http2.HeadersFrame); ok {
				streams.Add(1)
				if f.WriteRSTStream(head.StreamID, http2.ErrCodeRefusedStream) != nil {
					return
				}
			}
		}
	}}
	s.StartTLS()
	defer s.Close()
	r := reach(t, s)
	_, err := (&once{r.wires}).RoundTrip(mustRequest(t, Policy{}, secure))
	if !is[unanswered](err) || !errors.Is(err, errLost) {
		t.Error(err)
	}
	if n := streams.Load(); n != 1 {
		t.Errorf("the server saw %d requests", n)
	}
}

func mustRequest(t *testing.T, p Policy, address string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(With(t.Context(), p), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}
