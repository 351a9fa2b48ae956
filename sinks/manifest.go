package sinks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// ManifestVersion is the version of the manifest's own form. New fields may come
// without a new version; a changed meaning makes one.
const ManifestVersion = 1

// Manifest is what commits a drop: the create-only object under [ManifestKey].
// A drop without a manifest is not sealed, and a data object that no manifest
// names is not part of one.
type Manifest struct {
	Version       int                    `json:"version"`
	SchemaVersion string                 `json:"schema_version"` // of the rows
	DropDate      string                 `json:"drop_date"`
	Zone          string                 `json:"zone"` // IANA; the zone of drop_date
	Rev           int                    `json:"rev"`  // 0, or more after damage or a takedown
	Window        Window                 `json:"window"`
	Producer      string                 `json:"producer"` // program and version
	SealedAt      time.Time              `json:"sealed_at"`
	Rows          int64                  `json:"rows"` // in each format
	Files         []ManifestFile         `json:"files"`
	Sources       map[string]SourceCount `json:"sources"` // by source id
	Running       bool                   `json:"running"` // attache ran at some time in the window: zero rows then mean no news
	Gaps          []Gap                  `json:"gaps"`    // when in the window it did not
}

// Window is the time in which the drop was open, from inclusive to exclusive.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// ManifestFile is one data object.
type ManifestFile struct {
	Key    string `json:"key"` // below the bucket's prefix
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of the object's bytes, lower-case hex
	Rows   int64  `json:"rows"`
	Format string `json:"format"`
}

// FormatJSONL is one record a line, gzipped.
const FormatJSONL = "jsonl.gz"

// SourceCount is what one source has in the drop.
type SourceCount struct {
	Rows int64 `json:"rows"`
}

// Gap is a stretch of the window in which attache did not run.
type Gap struct {
	Window
	Note string `json:"note"`
}

// Marshal gives the manifest's bytes: the same for equal manifests, with times in
// UTC to the microsecond, files by key, and empty lists rather than null. It
// fixes Version, and fails on a manifest that contradicts itself.
func (m Manifest) Marshal() ([]byte, error) {
	m.Version = ManifestVersion
	m.SealedAt, m.Window = m.SealedAt.UTC().Truncate(time.Microsecond), m.Window.utc()
	m.Files = append([]ManifestFile{}, m.Files...)
	slices.SortFunc(m.Files, func(a, b ManifestFile) int { return cmp.Compare(a.Key, b.Key) })
	m.Gaps = append([]Gap{}, m.Gaps...)
	for i := range m.Gaps {
		m.Gaps[i].Window = m.Gaps[i].utc()
	}
	if m.Sources == nil {
		m.Sources = map[string]SourceCount{}
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// ParseManifest reads what Marshal wrote, by this version of attache or a later
// one with the same ManifestVersion.
func ParseManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("manifest: %w", err)
	}
	return m, m.check()
}

// check compares the manifest with itself.
func (m Manifest) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("manifest of %s r%d: %s", m.DropDate, m.Rev, fmt.Sprintf(format, args...))
	}
	if m.Version != ManifestVersion {
		return bad("version %d is not known to this attache, which reads %d", m.Version, ManifestVersion)
	}
	if _, err := time.Parse(time.DateOnly, m.DropDate); err != nil {
		return bad("drop_date is no date")
	}
	if m.Rev < 0 || m.SchemaVersion == "" {
		return bad("rev is negative or schema_version missing")
	}
	perFormat, keys := map[string]int64{}, map[string]bool{}
	for _, f := range m.Files {
		if keys[f.Key] {
			return bad("it names %s twice", f.Key)
		}
		keys[f.Key] = true
		perFormat[f.Format] += f.Rows
	}
	for format, rows := range perFormat {
		if rows != m.Rows {
			return bad("its %s files hold %d rows, not %d", format, rows, m.Rows)
		}
	}
	if len(m.Files) == 0 && m.Rows != 0 {
		return bad("%d rows without a file", m.Rows)
	}
	var rows int64
	for _, s := range m.Sources {
		rows += s.Rows
	}
	if rows != m.Rows {
		return bad("its sources have %d rows, not %d", rows, m.Rows)
	}
	return nil
}

func (w Window) utc() Window {
	return Window{w.From.UTC().Truncate(time.Microsecond), w.To.UTC().Truncate(time.Microsecond)}
}
