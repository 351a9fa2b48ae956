package config

import (
	"net"
	"net/netip"
	"strconv"
)

func (h *HTTP) check(wrong func(path, format string, args ...any)) {
	if (h.Cert == "") != (h.Key == "") {
		wrong("$.http", "tls_cert and tls_key go together: name both files, or neither")
	}
	if h.Listen == "" {
		return
	}
	host, port, err := net.SplitHostPort(h.Listen)
	if n, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || n == 0 && !Loopback(host) {
		wrong("$.http.listen", "%q is no host:port such as 127.0.0.1:9464; write \"\" for no server", h.Listen)
		return
	}
	if !Loopback(host) && h.Open() {
		wrong("$.http.listen", "%q can be reached by others than this machine: name a file with a token (http.token_file) or with user:password (http.basic_auth_file), or listen on 127.0.0.1", h.Listen)
	}
}

// Loopback reports whether only this machine reaches a host. Names other than
// localhost, and no host at all, which is every address, count as others'.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
