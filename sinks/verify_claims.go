package sinks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// wrong says what in a manifest of o that parses cannot be. It goes beyond what
// Marshal checks: the manifest may be anybody's.
func (m Manifest) wrong(o Objects) (details []string) {
	say := func(format string, args ...any) { details = append(details, fmt.Sprintf(format, args...)) }
	formats := map[string]bool{}
	for _, f := range m.Files {
		formats[f.Format] = true
		if key, ok := rowKeys[f.Format]; !ok || !belongs(f, key(m.DropDate, m.Rev, 0, f.SHA256)) {
			say("it names %s as a %s file of its rows, which lie elsewhere", f.Key, f.Format)
		}
	}
	for _, format := range union(rowKeys, rowKeys) {
		if !formats[format] {
			say("it names no %s file of its rows", format)
		}
	}
	if f := m.Rejects; f != nil && !belongs(*f, RejectsKey(m.DropDate, m.Rev, 0, f.SHA256)) {
		say("it names %s as what was quarantined, which lies elsewhere", f.Key)
	}
	reports := map[string]int{FormatHTML: 0, FormatJSON: 0}
	for _, f := range m.Reports {
		reports[f.Format]++
		if f.Key != QualityKey(m.DropDate, m.Rev, f.Format) {
			say("it names %s as its %s report, which lies elsewhere", f.Key, f.Format)
		}
	}
	for _, format := range union(reports, reports) {
		if reports[format] != 1 {
			say("it names %d reports in %s, not one", reports[format], format)
		}
	}
	var changes int64
	for _, n := range m.Changes {
		changes += n
	}
	if changes != m.Rows {
		say("its changes have %d rows, not %d", changes, m.Rows)
	}
	switch {
	case m.Rev == 0 && m.Supersedes != nil, m.Rev > 0 && (m.Supersedes == nil || *m.Supersedes != m.Rev-1):
		say("it does not supersede the revision before it")
	case m.Rev > 0 && m.Reason == "":
		say("it gives no reason for a further revision")
	}
	if m.Window.To.Before(m.Window.From) {
		say("its window ends before it begins")
	}
	if _, err := time.LoadLocation(m.Zone); err != nil || m.Zone == "" {
		say("its zone %q is not known", m.Zone)
	}
	down := map[string]bool{}
	for _, t := range m.TakenDown {
		if down[t.ArticleID] {
			say("it names %s twice as taken down", t.ArticleID)
		}
		down[t.ArticleID] = true
	}
	return append(details, m.copyDiffers(o)...)
}

// steps is how far a clock may step back at any time.
const steps = time.Minute

// doubtful says what in a manifest contradicts the order of events. A clock that was
// put back may do so, and must not keep a day from being sealed: [Verify] lets it pass.
func (m Manifest) doubtful() (details []string) {
	if m.SealedAt.Add(steps).Before(m.Window.To) {
		details = append(details, "it was sealed before its window ended")
	}
	told := m.Running
	for _, g := range m.Gaps {
		if g.To.Before(g.From) {
			details = append(details, fmt.Sprintf("a gap in it ends before it begins: %s", g.Note))
		}
		told = told || g.Source == "" && !g.From.After(m.Window.From) && !g.To.Before(m.Window.To)
	}
	if !told {
		details = append(details, "it says that attache was not running, and has no gap that says so")
	}
	return details
}

// copyDiffers compares the entries for COPY, if there are any, with the Parquet files.
// What they name is in the bucket where the drop was sealed, of which o may be a copy
// unless it is a bucket.
func (m Manifest) copyDiffers(o Objects) (details []string) {
	if len(m.Entries) == 0 {
		return nil
	}
	var want, have []string
	where := ""
	for i, e := range m.Entries {
		at := strings.LastIndex(e.URL, parquetRoot)
		if at < len("s3://x/") || !strings.HasPrefix(e.URL, "s3://") || i > 0 && e.URL[:at] != where || !e.Mandatory {
			return []string{fmt.Sprintf("its entry %s is of another place, or not mandatory", e.URL)}
		}
		where = e.URL[:at]
		have = append(have, fmt.Sprintf("%s of %d bytes", e.URL, e.Meta.ContentLength))
	}
	if b, ok := o.(*Bucket); ok {
		where = b.URL("")
	}
	for _, f := range m.Files {
		if f.Format == FormatParquet {
			want = append(want, fmt.Sprintf("%s of %d bytes", where+f.Key, f.Bytes))
		}
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		details = append(details, fmt.Sprintf("its entries name %q, its Parquet files are %q", have, want))
	}
	return details
}

// rowKeys give the keys of a drop's rows, by format.
var rowKeys = map[string]func(date string, rev, part int, sha string) string{FormatJSONL: JSONLKey, FormatParquet: ParquetKey}

var partNumber = regexp.MustCompile(`part-\d{5}-`)

// belongs reports whether a file lies under key, whatever the number of the part.
func belongs(f ManifestFile, key string) bool {
	return key == partNumber.ReplaceAllString(f.Key, "part-00000-")
}
