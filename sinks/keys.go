package sinks

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The layout below the prefix. A date is "2006-01-02" in the drop's zone; a sha is
// the object's lower-case hex sha256, of which a key carries the first 12 digits.
//
//	v1/parquet/drop_date=2026-11-21/rev=0/part-00000-<sha12>.parquet
//	v1/live/drop_date=2026-11-21/<run>-<sha12>.jsonl.gz
//	v1/jsonl/drop_date=2026-11-21/rev=0/part-00000-<sha12>.jsonl.gz
//	v1/rejects/drop_date=2026-11-21/rev=0/part-00000-<sha12>.jsonl.gz
//	v1/raw/source=vtcnews/fetch_date=2026-11-21/<segment>.warc.gz
//	v1/_manifests/drop_date=2026-11-21/r0.json
//	v1/_quality/drop_date=2026-11-21/report.json, report.html; of rev 1: report-r1.json …
//	v1/_schema/article-1.0.0.schema.json
//	v1/_latest.json

const manifestRoot = "v1/_manifests/"

// LatestKey is the one object that is ever overwritten; see [Bucket.Advance].
const LatestKey = "v1/_latest.json"

// LivePrefix holds what a drop gained since it was opened; the seal supersedes it.
func LivePrefix(date string) string { return "v1/live/drop_date=" + date + "/" }

// LiveKey is the part one run landed.
func LiveKey(date, run, sha string) string {
	return LivePrefix(date) + run + "-" + sha12(sha) + ".jsonl.gz"
}

// partOf is the day of a live part; empty when the key is not that of one.
func partOf(key string) string {
	if m := liveName.FindStringSubmatch(key); m != nil && isDate(m[1]) {
		return m[1]
	}
	return ""
}

var liveName = regexp.MustCompile(`^v1/live/drop_date=([^/]+)/[^/]+-([0-9a-f]{12})\.jsonl\.gz$`)

// JSONLPrefix holds a sealed drop's rows, all its revisions.
func JSONLPrefix(date string) string { return "v1/jsonl/drop_date=" + date + "/" }

// JSONLKey is part number part of a sealed drop.
func JSONLKey(date string, rev, part int, sha string) string {
	return fmt.Sprintf("%srev=%d/part-%05d-%s.jsonl.gz", JSONLPrefix(date), rev, part, sha12(sha))
}

// ParquetPrefix is JSONLPrefix for Parquet.
func ParquetPrefix(date string) string { return "v1/parquet/drop_date=" + date + "/" }

// ParquetKey is JSONLKey for Parquet.
func ParquetKey(date string, rev, part int, sha string) string {
	return fmt.Sprintf("%srev=%d/part-%05d-%s.parquet", ParquetPrefix(date), rev, part, sha12(sha))
}

// RejectsPrefix holds what was quarantined while a drop was open.
func RejectsPrefix(date string) string { return "v1/rejects/drop_date=" + date + "/" }

// RejectsKey is JSONLKey for what was quarantined.
func RejectsKey(date string, rev, part int, sha string) string {
	return fmt.Sprintf("%srev=%d/part-%05d-%s.jsonl.gz", RejectsPrefix(date), rev, part, sha12(sha))
}

// QualityPrefix holds a drop's quality reports.
func QualityPrefix(date string) string { return "v1/_quality/drop_date=" + date + "/" }

// QualityKey is the report on revision rev of a drop; format is json or html.
func QualityKey(date string, rev int, format string) string {
	if rev == 0 {
		return QualityPrefix(date) + "report." + format
	}
	return fmt.Sprintf("%sreport-r%d.%s", QualityPrefix(date), rev, format)
}

// SchemaKey is the JSON Schema of a version of the rows.
func SchemaKey(version string) string { return "v1/_schema/article-" + version + ".schema.json" }

// RawPrefix holds the captures of a source's pages.
func RawPrefix(source string) string { return "v1/raw/source=" + source + "/" }

// WARCType is the content type of a segment of captures (RFC 6713 for its gzip;
// ISO 28500 names application/warc for what is inside).
const WARCType = "application/gzip"

// ManifestPrefix holds a drop's manifests.
func ManifestPrefix(date string) string { return manifestRoot + "drop_date=" + date + "/" }

// ManifestKey is the manifest that commits revision rev of a drop.
func ManifestKey(date string, rev int) string {
	return fmt.Sprintf("%sr%d.json", ManifestPrefix(date), rev)
}

// manifestRev reads the revision back from a key; false when it is not a manifest's.
func manifestRev(date, key string) (int, bool) {
	digits, ok := strings.CutPrefix(key, ManifestPrefix(date)+"r")
	if !ok {
		return 0, false
	}
	rev, err := strconv.Atoi(strings.TrimSuffix(digits, ".json"))
	return rev, err == nil && rev >= 0 && key == ManifestKey(date, rev)
}

func sha12(sha string) string { return sha[:min(12, len(sha))] }
