package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// wires are the connections under all layers: those of ordinary hosts and, apart
// from them, those of hosts that know only TLS that is not safe any more.
type wires struct{ sound, old *http.Transport }

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

func newWires(o Options, dial dialFunc) *wires {
	w := &wires{
		sound: newWire(o, dial, &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12}),
		old:   newWire(o, dial, oldTLS(&tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS10})), // #nosec G402 -- only for a source that says its host knows nothing better
	}
	w.old.ForceAttemptHTTP2 = false // it forbids renegotiation (RFC 9113, 9.2.1)
	return w
}

func newWire(o Options, dial dialFunc, secure *tls.Config) *http.Transport {
	base := &http.Transport{
		DialContext:            dial,
		TLSClientConfig:        secure,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // asked for and undone above, with a limit
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    4,
		MaxConnsPerHost:        4,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	if o.Proxy != nil {
		base.Proxy = http.ProxyURL(o.Proxy)
	}
	if o.Wire != nil {
		o.Wire(base)
	}
	return base
}

func (w *wires) RoundTrip(req *http.Request) (*http.Response, error) {
	if policyOf(req.Context()).OldTLS {
		return w.old.RoundTrip(req)
	}
	return w.sound.RoundTrip(req)
}

func (w *wires) close() {
	w.sound.CloseIdleConnections()
	w.old.CloseIdleConnections()
}

// oldTLS adds what servers of the last decade speak: key exchange by RSA, CBC,
// renegotiation. Certificates are verified all the same. What is read so may
// have been read, and changed, on the way.
func oldTLS(c *tls.Config) *tls.Config {
	c.Renegotiation = tls.RenegotiateOnceAsClient
	for _, s := range tls.CipherSuites() {
		c.CipherSuites = append(c.CipherSuites, s.ID)
	}
	c.CipherSuites = append(c.CipherSuites,
		tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA256, tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA)
	return c
}
