package transport

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOnlyPublicAddresses(t *testing.T) {
	t.Parallel()
	for address, why := range map[string]string{ // "" is allowed
		"8.8.8.8:443":                  "",
		"103.1.210.1:80":               "",
		"[2606:4700::1111]:443":        "",
		"[::ffff:8.8.8.8]:443":         "",
		"8.8.8.8:22":                   "port 22",
		"8.8.8.8:8080":                 "port 8080",
		"127.0.0.1:443":                "not a public address",
		"127.9.9.9:80":                 "not a public address",
		"0.0.0.0:80":                   "not a public address",
		"0.1.2.3:80":                   "not a public address",
		"10.1.2.3:443":                 "not a public address",
		"172.16.0.1:443":               "not a public address",
		"172.31.255.255:443":           "not a public address",
		"172.32.0.1:443":               "",
		"192.168.1.1:443":              "not a public address",
		"169.254.169.254:80":           "not a public address", // metadata of most clouds
		"168.63.129.16:80":             "not a public address", // of Azure
		"100.100.100.200:80":           "not a public address", // of Alibaba
		"100.64.0.1:443":               "not a public address", // carrier-grade NAT
		"100.128.0.1:443":              "",
		"192.0.0.192:80":               "not a public address", // metadata of Oracle
		"198.18.0.1:443":               "not a public address",
		"224.0.0.1:80":                 "not a public address",
		"255.255.255.255:80":           "not a public address",
		"[::]:80":                      "not a public address",
		"[::1]:443":                    "not a public address",
		"[::127.0.0.1]:443":            "not a public address",
		"[::ffff:127.0.0.1]:443":       "not a public address",
		"[::ffff:169.254.169.254]:443": "not a public address",
		"[64:ff9b::7f00:1]:443":        "not a public address", // NAT64 of 127.0.0.1
		"[64:ff9b:1::a00:1]:443":       "not a public address",
		"[2002:7f00:1::]:443":          "not a public address", // 6to4 of 127.0.0.1
		"[2001::1]:443":                "not a public address", // Teredo
		"[2001:db8::1]:443":            "not a public address",
		"[2001:db8::1%eth0]:443":       "not a public address", // with a zone no prefix contains it
		"[64:ff9b::7f00:1%eth0]:443":   "not a public address",
		"[fc00::1]:443":                "not a public address",
		"[fd00:ec2::254]:80":           "not a public address", // metadata of AWS
		"[fe80::1%eth0]:443":           "not a public address",
		"[fec0::1]:443":                "not a public address",
		"[ff02::1]:443":                "not a public address",
		"news.example.com:443":         "ParseAddr",
	} {
		err := public(address)
		if why == "" && err != nil || why != "" && (err == nil || !strings.Contains(err.Error(), why)) {
			t.Errorf("%s: %v, want %q", address, err, why)
		}
	}
}

// TestResolveIsForItsHostOnly: the operator's exception opens one door.
func TestResolveIsForItsHostOnly(t *testing.T) {
	t.Parallel()
	inside := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) }))
	defer inside.Close()
	d := &dialer{resolve: map[string]string{"news.example.com": inside.Listener.Addr().String()}}
	conn, err := d.dial(context.Background(), "tcp", "news.example.com:443")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if conn, err := d.dial(context.Background(), "tcp", inside.Listener.Addr().String()); err == nil {
		conn.Close()
		t.Error("the same address by its number was let through")
	}
}
