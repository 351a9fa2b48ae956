package alarm

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestRulesAreSound(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	critical := true
	for _, r := range Rules {
		if !regexp.MustCompile(`^Attache[A-Z][A-Za-z0-9]+$`).MatchString(r.Name) || names[r.Name] {
			t.Errorf("%q is no name, or one that is taken", r.Name)
		}
		names[r.Name] = true
		if !critical && r.Severity == Critical {
			t.Errorf("%s is critical and stands behind a warning", r.Name)
		}
		critical = r.Severity == Critical
		if r.For < time.Minute || r.For%time.Minute != 0 || r.Says == "" || r.Means == "" || r.Do == "" || (r.Only == "") != (r.Metric != "") {
			t.Errorf("%s lacks something: %+v", r.Name, r)
		}
		if text := (Alert{Rule: r, Labels: map[string]string{"source": "qk7"}}).Text(); text == r.Name || strings.Contains(text, "{{") {
			t.Errorf("%s says %q", r.Name, text)
		}
		if strings.HasSuffix(r.Metric, "_timestamp_seconds") != r.Age {
			t.Errorf("%s: an instant is compared as an age, and nothing else is", r.Name)
		}
	}
}

// TestGeneratedFilesAreCurrent fails when go generate was forgotten.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	files, err := Generated()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v); run go generate ./internal/alarm", name, err)
		}
	}
}

func TestCheckMute(t *testing.T) {
	t.Parallel()
	for entry, fine := range map[string]bool{
		"AttacheDiskLow": true, "AttacheSourceSilent/qk7": true,
		"": false, "DiskLow": false, "AttacheSourceSilent/": false, "attachedisklow": false,
	} {
		if err := CheckMute(entry); (err == nil) != fine {
			t.Errorf("%q: %v", entry, err)
		}
	}
}

func TestHumanizeDuration(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0s", 1.5: "1.5s", 59: "59s", 60: "1m 0s", 3600: "1h 0m 0s", 93661: "1d 2h 1m 1s", -90: "-1m 30s"} {
		if got := humanizeDuration(v); got != want {
			t.Errorf("%g: %q, want %q", v, got, want)
		}
	}
}
