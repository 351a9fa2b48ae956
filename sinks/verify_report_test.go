package sinks

import (
	"strings"
	"testing"
	"time"

	"attache/internal/article"
)

// TestVerifyOfReports: a report whose digest is right must still be one on this drop.
func TestVerifyOfReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t, threeDays()...)
	sound := w.manifests[day]
	for name, c := range map[string]struct {
		told func(*Manifest) // what the report was made of
		says string
	}{
		"sound":           {func(*Manifest) {}, ""},
		"another day":     {func(m *Manifest) { m.DropDate = "2026-11-20" }, "its drop_date is 2026-11-20, the manifest has " + day},
		"another zone":    {func(m *Manifest) { m.Zone = "UTC" }, "its zone is UTC"},
		"another window":  {func(m *Manifest) { m.Window.To = m.Window.To.Add(time.Second) }, "its to is "},
		"more rows":       {func(m *Manifest) { m.Rows++ }, "its totals is {Rows:4 "},
		"another change":  {func(m *Manifest) { m.Changes = map[string]int64{"added": 3} }, "its totals is {Rows:3 Added:3 "},
		"a gap":           {func(m *Manifest) { m.Gaps = append(m.Gaps, Gap{}) }, "Gaps:1}"},
		"a source more":   {func(m *Manifest) { m.Sources = map[string]SourceCount{"qdnd": {}} }, "it has a source qdnd"},
		"a source's rows": {func(m *Manifest) { m.Sources = map[string]SourceCount{"vtcnews": {Rows: 9}} }, "it tells of 9 rows of source vtcnews"},
		"another ledger": {func(m *Manifest) {
			m.Sources = map[string]SourceCount{"vtcnews": claimed(m, func(s *SourceCount) { s.Ledger = &article.Ledger{} })}
		}, "its ledger of source vtcnews"},
	} {
		m := sound
		c.told(&m)
		if got := sound.retold(reportOn(t, m)); !strings.Contains(got, c.says) || (got == "") != (c.says == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
	text := []byte("no JSON")
	key := QualityKey(day, 0, FormatJSON)
	w.edit(t, key, func([]byte) []byte { return text })
	w.edit(t, ManifestKey(day, 0), func(raw []byte) []byte {
		m, err := ParseManifest(raw)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range m.Reports {
			if f.Format == FormatJSON {
				m.Reports[i].Bytes, m.Reports[i].SHA256 = int64(len(text)), digest(text)
			}
		}
		if raw, err = m.Marshal(); err != nil {
			t.Fatal(err)
		}
		return raw
	})
	r, err := Verify(t.Context(), w.Bucket, day)
	if err != nil {
		t.Fatal(err)
	}
	begins(t, r.Findings, []string{"differs " + key}, "invalid character")
}
