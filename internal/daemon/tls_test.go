package daemon

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/config"
)

// certified writes a certificate for 127.0.0.1 and its key into a folder.
func certified(t *testing.T, dir string, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	packed := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	roots.AppendCertsFromPEM(packed)
	if err := errors.Join(
		os.WriteFile(filepath.Join(dir, "cert.pem"), packed, 0o600),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	return roots
}

// TestTLS: the address is served over TLS, HTTP/2 too, to who has the token; a renewed
// certificate counts from the next reload, and one that does not fit its key is refused.
func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	roots := certified(t, dir, 1)
	listen := config.HTTP{Listen: "127.0.0.1:0", TokenFile: written(t, goodToken), Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem")}
	r := assembled(t, nothing, func(o *Options) { o.First.Config.HTTP = listen })
	data := r.Generation().Config.Data
	r.load(func() (*Generation, error) {
		g := generation(t, data, nothing)
		g.Config.HTTP = listen
		return g, nil
	})
	stop := r.runs()
	eventually(t, "an address", func() bool { return r.Address() != "" })
	get := func(scheme, path, token string, secure *tls.Config) (*http.Response, string, error) {
		c := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: secure}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://"+r.Address()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := c.Do(req)
		if err != nil {
			return nil, "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return resp, string(body), err
	}
	trusting := func(roots *x509.CertPool) *tls.Config { return &tls.Config{RootCAs: roots} }

	resp, body, err := get("https", "/api/v1/status", goodToken, trusting(roots))
	if err != nil || resp.StatusCode != http.StatusOK || resp.ProtoMajor != 2 || !strings.Contains(body, `"version":"test"`) {
		t.Fatalf("with the token: %v, %s, %v", resp, body, err)
	}
	if resp.TLS.PeerCertificates[0].SerialNumber.Int64() != 1 {
		t.Error("by another certificate")
	}
	if resp, body, err := get("https", "/api/v1/status", "", trusting(roots)); err != nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without it: %s, %v", body, err)
	}
	if resp, body, err := get("http", "/healthz", goodToken, nil); err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Errorf("without TLS: %s, %v", body, err)
	}
	old := trusting(roots)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	if _, _, err := get("https", "/healthz", "", old); err == nil {
		t.Error("TLS 1.1 is spoken")
	}

	renewed := certified(t, dir, 2)
	if err := r.Reload(t.Context(), "request"); err != nil {
		t.Fatal(err)
	}
	if resp, _, err := get("https", "/healthz", "", trusting(renewed)); err != nil || resp.TLS.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Errorf("the renewed certificate is not shown: %v", err)
	}
	certified(t, dir, 3)
	if err := os.WriteFile(listen.Key, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Reload(t.Context(), "request"); err == nil || !strings.Contains(err.Error(), "http.tls_cert") {
		t.Errorf("half a key is taken: %v", err)
	}
	if _, _, err := get("https", "/healthz", "", trusting(renewed)); err != nil {
		t.Errorf("what was in force is not: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
