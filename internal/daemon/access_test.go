package daemon

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/config"
)

const (
	goodToken = "0123456789abcdef0123"
	goodPair  = "desk:correct horse battery"
)

func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestSecretFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ token, basic, says string }{
		"good":               {token: goodToken + "\n", basic: goodPair + "\r\n"},
		"short token":        {token: "0123", says: "openssl rand -hex 32"},
		"no token":           {token: "\n", says: "openssl rand -hex 32"},
		"two lines":          {token: goodToken + "\n" + goodToken, says: "more than one line"},
		"no user":            {basic: ":0123456789abcdef0123", says: "user:password"},
		"no colon":           {basic: "0123456789abcdef0123", says: "user:password"},
		"short password":     {basic: "desk:horse", says: "16 characters"},
		"a token with words": {token: "this is no token at all", says: "no token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := config.HTTP{Listen: "0.0.0.0:1"}
			if c.token != "" {
				h.TokenFile = written(t, c.token)
			}
			if c.basic != "" {
				h.BasicFile = written(t, c.basic)
			}
			err := CheckAccess(h)
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "0123456789") || strings.Contains(err.Error(), "horse")) {
				t.Errorf("it tells the secret: %v", err)
			}
		})
	}
	if err := CheckAccess(config.HTTP{Listen: "0.0.0.0:1", TokenFile: "nowhere"}); err == nil {
		t.Error("a token that is not there is fine")
	}
	if err := CheckAccess(config.HTTP{Listen: "127.0.0.1:1", Cert: "nowhere", Key: "nowhere"}); err == nil {
		t.Error("a certificate that is not there is fine")
	}
}

// TestWhoIsLetIn asks from other sites, under other names and with wrong secrets.
func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	secret := config.HTTP{Listen: "0.0.0.0:1", TokenFile: written(t, goodToken), BasicFile: written(t, goodPair)}
	open := config.HTTP{Listen: "127.0.0.1:1"}
	basic := func(pair string) string {
		req, _ := http.NewRequest(http.MethodGet, "http://x/", nil)
		user, password, _ := strings.Cut(pair, ":")
		req.SetBasicAuth(user, password)
		return req.Header.Get("Authorization")
	}
	for _, c := range []struct {
		name, method, path string
		http               config.HTTP
		header             []string
		want               int
	}{
		{"this machine", "GET", "/api/v1/status", open, nil, 200},
		{"this machine by its address", "GET", "/api/v1/status", open, []string{"Host", "127.0.0.1:9464"}, 200},
		{"this machine by its other address", "GET", "/api/v1/status", open, []string{"Host", "[::1]"}, 200},
		{"rebound", "GET", "/api/v1/status", open, []string{"Host", "evil.example"}, 421},
		{"rebound with a port", "POST", "/-/reload", open, []string{"Host", "localhost.evil.example:9464"}, 421},
		{"no name", "GET", "/healthz", open, []string{"Host", ""}, 421},
		{"another site", "POST", "/api/v1/sources/qk7/pause", open, []string{"Origin", "https://evil.example"}, 403},
		{"another site, by the browser's word", "POST", "/-/reload", open, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"the same site", "POST", "/api/v1/sources/nobody/pause", open, []string{"Origin", "http://localhost:9464"}, 404},
		{"a look changes nothing", "GET", "/-/reload", open, nil, 405},
		{"no secret", "GET", "/api/v1/status", secret, nil, 401},
		{"no secret for readiness", "GET", "/readyz", secret, nil, 401},
		{"no secret for metrics", "GET", "/metrics", secret, nil, 401},
		{"alive needs none", "GET", "/healthz", secret, nil, 503}, // it has not begun
		{"token", "GET", "/api/v1/status", secret, []string{"Authorization", "Bearer " + goodToken, "Host", "attache.example.org"}, 200},
		{"half a token", "GET", "/api/v1/status", secret, []string{"Authorization", "Bearer " + goodToken[:10]}, 401},
		{"empty token", "GET", "/api/v1/status", secret, []string{"Authorization", "Bearer "}, 401},
		{"password", "GET", "/api/v1/status", secret, []string{"Authorization", basic(goodPair)}, 200},
		{"wrong password", "GET", "/api/v1/status", secret, []string{"Authorization", basic("desk:correct horse")}, 401},
		{"token as password", "GET", "/api/v1/status", secret, []string{"Authorization", basic("desk:" + goodToken)}, 401},
		{"password as token", "GET", "/api/v1/status", secret, []string{"Authorization", "Bearer " + goodPair}, 401},
		{"another site with the secret", "POST", "/-/reload", secret, []string{"Authorization", basic(goodPair), "Origin", "https://evil.example"}, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := assembled(t, nothing, func(o *Options) { o.First.Config.HTTP = c.http })
			w := ask(r.guarded(sameOrigin(r.mux())), c.method, c.path, c.header...)
			says(t, c.name, w, c.want)
			if c.want == 401 && len(w.Header().Values("WWW-Authenticate")) != 2 {
				t.Errorf("it does not say how: %v", w.Header())
			}
			stranger := c.want == 401 || c.want == 421 || c.name == "alive needs none"
			if closes := w.Header().Get("Connection") == "close"; closes != stranger {
				t.Errorf("it ends the connection: %v", closes)
			}
			if strings.Contains(w.Body.String(), goodToken) {
				t.Error("it tells the token")
			}
		})
	}
}
