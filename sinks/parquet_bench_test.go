package sinks

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// typed is a record as the library would have its users declare one.
type typed struct {
	ArticleID    string   `json:"article_id" parquet:"article_id"`
	Revision     int32    `json:"revision" parquet:"revision"`
	ChangeType   string   `json:"change_type" parquet:"change_type,dict"`
	ChangeReason string   `json:"change_reason" parquet:"change_reason,dict"`
	Source       string   `json:"source" parquet:"source,dict"`
	URL          string   `json:"url" parquet:"url"`
	CanonicalURL string   `json:"canonical_url" parquet:"canonical_url"`
	Title        string   `json:"title" parquet:"title"`
	Lede         *string  `json:"lede" parquet:"lede,optional"`
	BodyText     string   `json:"body_text" parquet:"body_text"`
	Language     string   `json:"language" parquet:"language,dict"`
	Authors      []string `json:"authors" parquet:"authors,list" parquet-element:",dict"`
	Section      *string  `json:"section" parquet:"section,optional,dict"`
	Tags         []string `json:"tags" parquet:"tags,list" parquet-element:",dict"`
	Images       []struct {
		URL     string  `json:"url" parquet:"url"`
		Caption *string `json:"caption" parquet:"caption,optional"`
		Credit  *string `json:"credit" parquet:"credit,optional,dict"`
	} `json:"images" parquet:"images,list"`
	PublishedAt        *time.Time `json:"published_at" parquet:"published_at,optional,timestamp(microsecond)"`
	PublishedPrecision *string    `json:"published_precision" parquet:"published_precision,optional,dict"`
	PublishedRaw       *string    `json:"published_raw" parquet:"published_raw,optional"`
	PublishedZone      *string    `json:"published_zone" parquet:"published_zone,optional,dict"`
	ModifiedAt         *time.Time `json:"modified_at" parquet:"modified_at,optional,timestamp(microsecond)"`
	Attribution        *struct {
		Text string  `json:"text" parquet:"text,dict"`
		URL  *string `json:"url" parquet:"url,optional"`
	} `json:"attribution" parquet:"attribution,optional"`
	Extractor struct {
		Kind         string `json:"kind" parquet:"kind,dict"`
		RulesVersion string `json:"rules_version" parquet:"rules_version,dict"`
		Fields       []struct {
			Field string `json:"field" parquet:"field,dict"`
			By    string `json:"by" parquet:"by,dict"`
		} `json:"fields" parquet:"fields,list"`
	} `json:"extractor" parquet:"extractor"`
	Quality []struct {
		Field string `json:"field" parquet:"field,dict"`
		Note  string `json:"note" parquet:"note,dict"`
	} `json:"quality" parquet:"quality,list"`
	FirstSeenAt time.Time `json:"first_seen_at" parquet:"first_seen_at,timestamp(microsecond)"`
	FetchedAt   time.Time `json:"fetched_at" parquet:"fetched_at,timestamp(microsecond)"`
	Backfilled  bool      `json:"backfilled" parquet:"backfilled"`
	Countries   []string  `json:"countries" parquet:"countries,list" parquet-element:",dict"`
	Acts        []string  `json:"acts" parquet:"acts,list" parquet-element:",dict"`
	Topic       struct {
		Score   float64 `json:"score" parquet:"score"`
		Signals []struct {
			Kind  string `json:"kind" parquet:"kind,dict"`
			Text  string `json:"text" parquet:"text,dict"`
			Place string `json:"place" parquet:"place,dict"`
		} `json:"signals" parquet:"signals,list"`
	} `json:"topic" parquet:"topic"`
	DuplicateOf *string  `json:"duplicate_of" parquet:"duplicate_of,optional"`
	SameStory   []string `json:"same_story" parquet:"same_story,list"`
	BodySHA256  string   `json:"body_sha256" parquet:"body_sha256"`
	RawRef      *struct {
		Segment string `json:"segment" parquet:"segment,dict"`
		Offset  int64  `json:"offset" parquet:"offset"`
	} `json:"raw_ref" parquet:"raw_ref,optional"`
	RunID         string `json:"run_id" parquet:"run_id,dict"`
	SchemaVersion string `json:"schema_version" parquet:"schema_version,dict"`
}

// What WriteParquet costs beside the library alone, which is handed structs and not
// rows to read. Both make the same columns, in row groups alike.
//
//	go test ./sinks -run '^$' -bench Parquet -benchtime 3x
func BenchmarkParquet(b *testing.B) {
	const n = 20_000
	rows, structs := make([][]byte, 0, n), make([]typed, n)
	for row, err := range madeUp(n) {
		if err == nil {
			err = json.Unmarshal(row, &structs[len(rows)])
		}
		if err != nil {
			b.Fatal(err)
		}
		rows = append(rows, bytes.Clone(row))
	}
	for _, c := range []struct {
		name  string
		write func() error
	}{
		{"library", func() error { return writeTyped(io.Discard, structs) }},
		{"attache", func() error {
			_, err := writeRows(io.Discard, func(yield func([]byte, error) bool) {
				for _, row := range rows {
					if !yield(row, nil) {
						return
					}
				}
			})
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := c.write(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*100_000/n, "s/100k-rows")
		})
	}
}

func writeTyped(to io.Writer, structs []typed) error {
	w := parquet.NewGenericWriter[typed](to, append(parquetOptions(parquet.SchemaOf(typed{})), parquet.Compression(&parquet.Zstd))...)
	for some := range slices.Chunk(structs, groupRows/4) {
		if _, err := w.Write(some); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return w.Close()
}
