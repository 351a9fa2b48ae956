package daemon

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"attache/config"
)

// access says who may ask, and by which certificate the server is known.
type access struct {
	open  bool // whoever reaches it may: this machine's own
	token *[sha256.Size]byte
	basic *[sha256.Size]byte // of user:password
	cert  *tls.Certificate
}

// leastSecret is what a token or password needs at least, characters.
const leastSecret = 16

// CheckAccess reads the files the configuration names for HTTP, and says what is wrong
// with them.
func CheckAccess(h config.HTTP) error {
	_, err := newAccess(h)
	return err
}

func newAccess(h config.HTTP) (*access, error) {
	a := &access{open: h.Open()}
	if h.Listen == "" {
		return a, nil
	}
	if h.TokenFile != "" {
		token, err := secret(h.TokenFile)
		if err != nil {
			return nil, fmt.Errorf("http.token_file: %w", err)
		}
		if len(token) < leastSecret || strings.ContainsAny(token, " \t") {
			return nil, fmt.Errorf("http.token_file: %s holds no token of %d characters or more; make one by: openssl rand -hex 32", h.TokenFile, leastSecret)
		}
		sum := sha256.Sum256([]byte(token))
		a.token = &sum
	}
	if h.BasicFile != "" {
		pair, err := secret(h.BasicFile)
		if err != nil {
			return nil, fmt.Errorf("http.basic_auth_file: %w", err)
		}
		if user, password, ok := strings.Cut(pair, ":"); !ok || user == "" || len(password) < leastSecret {
			return nil, fmt.Errorf("http.basic_auth_file: %s holds no line user:password, with a password of %d characters or more", h.BasicFile, leastSecret)
		}
		sum := sha256.Sum256([]byte(pair))
		a.basic = &sum
	}
	if h.Cert != "" {
		cert, err := tls.LoadX509KeyPair(h.Cert, h.Key)
		if err != nil {
			return nil, fmt.Errorf("http.tls_cert, http.tls_key: %w", err)
		}
		a.cert = &cert
	}
	return a, nil
}

// secret is the one line of a file.
func secret(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 4<<10))
	if err != nil {
		return "", err
	}
	if text = bytes.TrimRight(text, "\r\n"); bytes.ContainsAny(text, "\r\n") {
		return "", errors.New(name + " holds more than one line")
	}
	return string(text), nil
}

// admits takes the same time for every wrong secret.
func (a *access) admits(r *http.Request) bool {
	if a.open {
		return true
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return same(a.token, token)
	}
	user, password, ok := r.BasicAuth()
	return ok && same(a.basic, user+":"+password)
}

func same(want *[sha256.Size]byte, given string) bool {
	sum := sha256.Sum256([]byte(given))
	return want != nil && subtle.ConstantTimeCompare(want[:], sum[:]) == 1
}

// guarded lets in who may, by what is in force when the request comes. Where nothing
// but the address keeps others out, a page in this machine's browser must not get in
// by a name that its owner lets lead here (DNS rebinding): the request must name this
// machine.
func (d *Daemon) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := d.force.Load().access
		may := a.admits(r) && (!a.open || ours(r.Host))
		if !may { // connections are few, and strangers keep none
			w.Header().Set("Connection", "close")
		}
		switch {
		case a.open && !ours(r.Host):
			refuse(w, http.StatusMisdirectedRequest, "ask for localhost, 127.0.0.1 or [::1]; to be reached by other names, set http.token_file")
		case may || r.URL.Path == "/healthz": // that it lives is no secret
			next.ServeHTTP(w, r)
		default:
			if a.basic != nil {
				w.Header().Add("WWW-Authenticate", `Basic realm="attache", charset="UTF-8"`)
			}
			if a.token != nil {
				w.Header().Add("WWW-Authenticate", `Bearer realm="attache"`)
			}
			refuse(w, http.StatusUnauthorized, "the token of http.token_file, or the user and password of http.basic_auth_file, is needed")
		}
	})
}

// ours reports whether a Host header names this machine by a loopback name.
func ours(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return config.Loopback(strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), ".")))
}
