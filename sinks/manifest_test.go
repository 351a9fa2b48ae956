package sinks

import (
	_ "embed"
	"reflect"
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

const day = "2026-11-21"

// sample is a manifest of two rows.
func sample() Manifest {
	ict := time.FixedZone("ICT", 7*3600)
	from := time.Date(2026, 11, 21, 0, 0, 0, 0, ict)
	news, terms := from.Add(7*time.Hour), "https://news.example.org/terms"
	return Manifest{
		Version: ManifestVersion, SchemaVersion: "1.0.0", DropDate: day, Zone: "Asia/Ho_Chi_Minh", Producer: "attache dev",
		Rev: 1, Supersedes: new(0), Reason: "damage: v1/a missing", Previous: &Link{day, 0, "c"},
		Revised: []Link{{"2026-11-19", 1, "g"}}, TakenDown: []TakenDown{{"vtcnews:ar1", "by order"}},
		Window: Window{From: from, To: from.AddDate(0, 0, 1)}, SealedAt: from.Add(24*time.Hour + 1234567*time.Nanosecond),
		Rows: 2, Changes: map[string]int64{"added": 2}, Running: true,
		Sources: map[string]SourceCount{
			"vtcnews": {
				Rows: 1, Watched: true, Oldest: &news, Newest: &news, Rules: []string{"0123456789ab"}, Robots: map[string]string{"https://news.example.org": "d"}, Terms: &terms,
				Ledger: &article.Ledger{Day: day, Source: "vtcnews", Opened: map[string]int{"new": 1}, Closed: map[article.Outcome]int{article.Stored: 1}, Missing: []article.Missing{}},
			},
			"baotintuc": {Rows: 1},
		},
		Files: []ManifestFile{
			{Key: "v1/b", Bytes: 7, SHA256: "b", Rows: 1, Format: FormatJSONL, Oldest: &news, Newest: &news},
			{Key: "v1/a", Bytes: 7, SHA256: "a", Rows: 1, Format: FormatJSONL},
		},
		Rejects: &ManifestFile{Key: "v1/r", Bytes: 5, SHA256: "e", Rows: 3, Format: FormatJSONL},
		Reports: []ManifestFile{{Key: "v1/q", Bytes: 9, SHA256: "f", Format: FormatHTML}},
		Gaps:    []Gap{{Window: Window{from, from.Add(time.Hour)}, Source: "vtcnews", Note: "stopped"}},
		Entries: []CopyEntry{{"s3://bucket/v1/a", true, CopyMeta{7}}},
	}
}

//go:embed testdata/manifest.json
var sampleJSON string

func TestManifestForm(t *testing.T) {
	t.Parallel()
	m := sample()
	raw, err := m.Marshal()
	if err != nil || string(raw) != sampleJSON {
		t.Fatalf("%v\n%s", err, raw)
	}
	if m.Files[0].Key != "v1/b" {
		t.Error("Marshal reordered its caller's files")
	}
	back, err := ParseManifest(raw)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := back.Marshal(); err != nil || string(again) != sampleJSON {
		t.Errorf("read and written again: %v\n%s", err, again)
	}
	if _, err := ParseManifest([]byte(strings.Replace(sampleJSON, `"rows": 2,`, `"rows": 2, "later": [],`, 1))); err != nil {
		t.Errorf("a field of a later version: %v", err)
	}
}

func TestManifestOfADayWithoutNews(t *testing.T) {
	t.Parallel()
	raw, err := Manifest{SchemaVersion: "1.0.0", DropDate: day}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"files": []`, `"gaps": []`, `"sources": {}`, `"rows": 0`, `"running": false`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s in\n%s", want, raw)
		}
	}
}

func TestManifestContradictions(t *testing.T) {
	t.Parallel()
	for says, change := range map[string]func(*Manifest){
		"drop_date is no date":     func(m *Manifest) { m.DropDate = "today" },
		"schema_version missing":   func(m *Manifest) { m.SchemaVersion = "" },
		"files hold 2 rows, not 3": func(m *Manifest) { m.Rows = 3 },
		"2 rows without a file":    func(m *Manifest) { m.Files = nil },
		"sources have 1 rows":      func(m *Manifest) { delete(m.Sources, "vtcnews") },
		"twice":                    func(m *Manifest) { m.Files[0].Key = m.Files[1].Key },
	} {
		m := sample()
		change(&m)
		if _, err := m.Marshal(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, have %v", says, err)
		}
	}
	if _, err := ParseManifest([]byte(strings.Replace(sampleJSON, `"version": 1`, `"version": 2`, 1))); err == nil || !strings.Contains(err.Error(), "version 2 is not known") {
		t.Error(err)
	}
	if _, err := ParseManifest([]byte("{")); err == nil {
		t.Error("half a manifest was read")
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	const sha = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for got, want := range map[string]string{
		LiveKey(day, "20261121T0300Z", sha): "v1/live/drop_date=2026-11-21/20261121T0300Z-0123456789ab.jsonl.gz",
		JSONLKey(day, 1, 12, sha):           "v1/jsonl/drop_date=2026-11-21/rev=1/part-00012-0123456789ab.jsonl.gz",
		ManifestKey(day, 0):                 "v1/_manifests/drop_date=2026-11-21/r0.json",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	found := map[string]int{}
	for _, key := range []string{ManifestKey(day, 0), ManifestKey(day, 10), ManifestKey("2026-11-20", 3), ManifestPrefix(day) + "r01.json", ManifestPrefix(day) + "r-1.json", ManifestPrefix(day) + "r2.json.bak", ManifestPrefix(day) + "r2"} {
		if rev, ok := manifestRev(day, key); ok {
			found[key] = rev
		}
	}
	if want := map[string]int{ManifestKey(day, 0): 0, ManifestKey(day, 10): 10}; !reflect.DeepEqual(found, want) {
		t.Errorf("manifests found: %v", found)
	}
}
