package sinks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"attache/internal/article"
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
	Zone          string                 `json:"zone"`       // IANA; the zone of drop_date
	Rev           int                    `json:"rev"`        // 0, or more after damage or a takedown
	Supersedes    *int                   `json:"supersedes"` // the revision whose files this one replaces; null for r0
	Reason        string                 `json:"reason"`     // why there is a further revision; empty for r0
	Previous      *Link                  `json:"previous"`   // the manifest before this one; null for the first of a bucket
	Revised       []Link                 `json:"revised"`    // further revisions of earlier days since the manifest before: with them, the chain holds every manifest
	TakenDown     []TakenDown            `json:"taken_down"` // articles whose rows are tombstones in this drop
	Begins        bool                   `json:"begins"`     // the state of the drop before was lost, or there was none: window and ledgers begin anew
	Window        Window                 `json:"window"`
	Producer      string                 `json:"producer"` // program and version
	SealedAt      time.Time              `json:"sealed_at"`
	Running       bool                   `json:"running"` // attache ran at some time in the window: zero rows then mean no news
	Rows          int64                  `json:"rows"`    // in each format
	Changes       map[string]int64       `json:"changes"` // rows by change_type
	Files         []ManifestFile         `json:"files"`   // the rows, once in each format
	Rejects       *ManifestFile          `json:"rejects"` // what was quarantined in the window; null when nothing was
	Reports       []ManifestFile         `json:"reports"` // on the quality of the drop
	Sources       map[string]SourceCount `json:"sources"` // by source id: all that had rows or work
	Gaps          []Gap                  `json:"gaps"`    // what is known to be missing
	Entries       []CopyEntry            `json:"entries"` // the Parquet files, as COPY of Amazon Redshift wants them; none for an embedded S3
}

// Link names a manifest by what it holds. That of an r0 leads to the r0 of the drop
// before, that of a later revision to the revision it supersedes: a manifest that
// was taken away or changed breaks the chain.
type Link struct {
	DropDate string `json:"drop_date"`
	Rev      int    `json:"rev"`
	SHA256   string `json:"sha256"` // of the manifest's bytes
}

// TakenDown is an article whose text had to go.
type TakenDown struct {
	ArticleID string `json:"article_id"`
	Reason    string `json:"reason"`
}

// Window is the time in which the drop was open, from inclusive to exclusive.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// ManifestFile is one object.
type ManifestFile struct {
	Key    string     `json:"key"` // below the bucket's prefix
	Bytes  int64      `json:"bytes"`
	SHA256 string     `json:"sha256"` // of the object's bytes, lower-case hex
	Rows   int64      `json:"rows"`   // 0 for a report
	Format string     `json:"format"`
	Oldest *time.Time `json:"oldest"` // published_at of its rows; null when none has one
	Newest *time.Time `json:"newest"`
}

// The formats: one record a line, gzipped; Apache Parquet; reports for programs and
// for people.
const (
	FormatJSONL   = "jsonl.gz"
	FormatParquet = "parquet"
	FormatJSON    = "json"
	FormatHTML    = "html"
)

// SourceCount is what one source has in the drop.
type SourceCount struct {
	Rows    int64             `json:"rows"`
	Watched bool              `json:"watched"` // a run of it started in the window
	Oldest  *time.Time        `json:"oldest"`  // published_at of its rows; null when none has one
	Newest  *time.Time        `json:"newest"`
	Rules   []string          `json:"rules"`  // versions of its rules that its rows were read with, sorted
	Robots  map[string]string `json:"robots"` // sha256 of the robots.txt last obeyed, by origin such as https://news.example.com
	Terms   *string           `json:"terms"`  // where the publisher's terms of use are; null when not known
	Ledger  *article.Ledger   `json:"ledger"` // of the window; null when it had no work in it
}

// Gap is a stretch of time of which something is known to be missing.
type Gap struct {
	Window
	Source string `json:"source"` // empty: all
	Note   string `json:"note"`
}

// CopyEntry is one file as the manifest of a COPY names it. COPY of Parquet
// demands its length.
//
// https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
type CopyEntry struct {
	URL       string   `json:"url"` // s3://bucket/key, where the drop was sealed
	Mandatory bool     `json:"mandatory"`
	Meta      CopyMeta `json:"meta"`
}

// CopyMeta is what COPY wants to know of a file.
type CopyMeta struct {
	ContentLength int64 `json:"content_length"` // bytes
}

// Data gives the objects that must be there before the manifest is: the rows and
// the rejects.
func (m Manifest) Data() []ManifestFile {
	data := slices.Clone(m.Files)
	if m.Rejects != nil {
		data = append(data, *m.Rejects)
	}
	return data
}

// Named gives every object the manifest names: the reports as well, which are put
// after it.
func (m Manifest) Named() []ManifestFile { return append(m.Data(), m.Reports...) }

// Marshal gives the manifest's bytes: the same for equal manifests, with times in
// UTC to the microsecond, files by key, and empty lists rather than null. It
// fixes Version, and fails on a manifest that contradicts itself.
func (m Manifest) Marshal() ([]byte, error) {
	m.Version = ManifestVersion
	m.SealedAt, m.Window = m.SealedAt.UTC().Truncate(time.Microsecond), m.Window.utc()
	m.Files, m.Reports = inOrder(m.Files), inOrder(m.Reports)
	m.Gaps = append([]Gap{}, m.Gaps...)
	for i := range m.Gaps {
		m.Gaps[i].Window = m.Gaps[i].utc()
	}
	m.Entries = append([]CopyEntry{}, m.Entries...)
	m.Revised = append([]Link{}, m.Revised...)
	m.TakenDown = append([]TakenDown{}, m.TakenDown...)
	slices.SortFunc(m.TakenDown, func(a, b TakenDown) int { return cmp.Compare(a.ArticleID, b.ArticleID) })
	if m.Changes == nil {
		m.Changes = map[string]int64{}
	}
	m.Sources = maps.Clone(m.Sources)
	if m.Sources == nil {
		m.Sources = map[string]SourceCount{}
	}
	for id, s := range m.Sources {
		s.Rules, s.Oldest, s.Newest = append([]string{}, s.Rules...), utc(s.Oldest), utc(s.Newest)
		if s.Robots == nil {
			s.Robots = map[string]string{}
		}
		m.Sources[id] = s
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

// ParseManifest reads what Marshal wrote, by this version of attache or another
// with the same ManifestVersion. What an earlier one did not write is zero.
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
	keys := map[string]bool{}
	for _, f := range m.Named() {
		if keys[f.Key] {
			return bad("it names %s twice", f.Key)
		}
		keys[f.Key] = true
	}
	perFormat := map[string]int64{}
	for _, f := range m.Files {
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

// inOrder is a copy of files, by key.
func inOrder(files []ManifestFile) []ManifestFile {
	files = append([]ManifestFile{}, files...)
	slices.SortFunc(files, func(a, b ManifestFile) int { return cmp.Compare(a.Key, b.Key) })
	for i := range files {
		files[i].Oldest, files[i].Newest = utc(files[i].Oldest), utc(files[i].Newest)
	}
	return files
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.UTC().Truncate(time.Microsecond))
}

func (w Window) utc() Window {
	return Window{w.From.UTC().Truncate(time.Microsecond), w.To.UTC().Truncate(time.Microsecond)}
}
