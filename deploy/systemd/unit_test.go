// Package systemd_test holds the files beside it to what they promise.
package systemd_test

import (
	"os"
	"strings"
	"testing"
)

// settings are a unit's, each with all its values in order.
func settings(t *testing.T, name string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	all, section := map[string][]string{}, ""
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = line
		case !ok:
			t.Errorf("%s:%d is no setting: %q", name, n+1, line)
		default:
			all[section+key] = append(all[section+key], value)
		}
	}
	return all
}

// TestUnit is what a hardened unit must say; systemd-analyze security scores it 1.1 of 10.
func TestUnit(t *testing.T) {
	t.Parallel()
	unit := settings(t, "attache.service")
	for key, want := range map[string]string{
		"Type": "notify notify-reload", "WatchdogSec": "2min", "Restart": "always", "User": "attache", "StateDirectory": "attache",
		"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
		"CapabilityBoundingSet": "", "RestrictNamespaces": "yes", "MemoryDenyWriteExecute": "yes", "MemoryMax": "1G",
		"RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "SystemCallFilter": "@system-service ~@privileged @resources", "KillMode": "mixed",
		"ExecStart": "/usr/local/bin/attache run --config /etc/attache/attache.yaml --data /var/lib/attache",
	} {
		if got, ok := unit["[Service]"+key]; !ok || strings.Join(got, " ") != want {
			t.Errorf("%s=%q, want %q", key, got, want)
		}
	}
	if got := unit["[Unit]StartLimitIntervalSec"]; len(got) != 1 || got[0] != "0" {
		t.Errorf("systemd gives up after %q", got)
	}
	users, err := os.ReadFile("attache.sysusers")
	if err != nil || !strings.Contains(string(users), "\nu "+unit["[Service]User"][0]+" ") {
		t.Errorf("the user of the unit is not made: %s, %v", users, err)
	}
}
