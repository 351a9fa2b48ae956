package sinks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// wrong says what in a manifest that parses cannot be. It goes beyond what Marshal
// checks: the manifest may be anybody's.
func (m Manifest) wrong() (details []string) {
	say := func(format string, args ...any) { details = append(details, fmt.Sprintf(format, args...)) }
	for _, f := range m.Files {
		if key, ok := rowKeys[f.Format]; !ok || !belongs(f, key(m.DropDate, m.Rev, 0, f.SHA256)) {
			say("it names %s as a %s file of its rows, which lie elsewhere", f.Key, f.Format)
		}
	}
	if f := m.Rejects; f != nil && !belongs(*f, RejectsKey(m.DropDate, m.Rev, 0, f.SHA256)) {
		say("it names %s as what was quarantined, which lies elsewhere", f.Key)
	}
	for _, f := range m.Reports {
		if f.Key != QualityKey(m.DropDate, m.Rev, f.Format) {
			say("it names %s as its %s report, which lies elsewhere", f.Key, f.Format)
		}
	}
	if m.early() {
		return details
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
	return append(details, m.copyDiffers()...)
}

// copyDiffers compares the entries for COPY with the Parquet files.
func (m Manifest) copyDiffers() (details []string) {
	var want, have []string
	for _, f := range m.Files {
		if f.Format == FormatParquet {
			want = append(want, fmt.Sprintf("%s of %d bytes", f.Key, f.Bytes))
		}
	}
	for _, e := range m.Entries {
		key := e.URL[max(0, strings.LastIndex(e.URL, parquetRoot)):] // the bucket may be a copy
		have = append(have, fmt.Sprintf("%s of %d bytes", key, e.Meta.ContentLength))
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
