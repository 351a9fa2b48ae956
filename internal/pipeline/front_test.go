package pipeline

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"attache/crawlers/transport"
	"attache/sinks"
)

// front stands before the publishers: answer may answer in their place, and then
// says so.
func front(t *testing.T, answer func(w http.ResponseWriter, q *http.Request) bool, changes ...func(*transport.Options)) *transport.Transport {
	t.Helper()
	return doors(t, answer)(changes...)
}

// doors is front for a test that needs transports which know nothing of each other.
func doors(t *testing.T, answer func(w http.ResponseWriter, q *http.Request) bool) func(changes ...func(*transport.Options)) *transport.Transport {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "front"}, DNSNames: room.Hosts(),
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if !answer(w, q) {
			room.ServeHTTP(w, q)
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return func(changes ...func(*transport.Options)) *transport.Transport {
		return reach(t, server.Listener.Addr().String(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), changes...)
	}
}

// nowhere is an address where nothing listens.
func nowhere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close())
	return l.Addr().String()
}

// through is the bucket of s by way of a proxy that refuses what refuse says.
func through(t *testing.T, s sinks.Settings, refuse func(q *http.Request) bool) *sinks.Bucket {
	t.Helper()
	target, err := url.Parse(s.Endpoint)
	must(t, err)
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if refuse(q) {
			w.WriteHeader(http.StatusForbidden) // which is not tried again
			return
		}
		pass.ServeHTTP(w, q)
	}))
	t.Cleanup(server.Close)
	s.Endpoint = server.URL
	return bucket(t, s)
}
