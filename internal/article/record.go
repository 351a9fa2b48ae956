// Package article is the record attache lands: its fields, its identity and
// the words that describe what became of it. It stands on the ground floor:
// every stage may import it, and it imports none of them.
package article

import "time"

// SchemaVersion is the version of the record below. It grows by semver: a new
// nullable field is a minor step, a changed meaning or a removed field a major one.
const SchemaVersion = "1.0.0"

// Record is one revision of one article, as an analyst reads it. A later
// correction is a new Record with the next Revision; none is ever overwritten.
//
// Every field is always present in JSON: an unknown value is null, an empty
// list is []. Times are UTC with microseconds. Text is Unicode NFC.
type Record struct {
	ArticleID    string       `json:"article_id"` // "<source>:<native id>"; see ID
	Revision     int          `json:"revision"`   // 1 for the first
	ChangeType   ChangeType   `json:"change_type"`
	ChangeReason ChangeReason `json:"change_reason"`
	Source       string       `json:"source"`        // id of the file in seeds/
	URL          string       `json:"url"`           // the address that was listed
	CanonicalURL string       `json:"canonical_url"` // what the page calls itself, else the address fetched
	Content
	FirstSeenAt   time.Time `json:"first_seen_at"` // when the address was first listed
	FetchedAt     time.Time `json:"fetched_at"`
	Backfilled    bool      `json:"backfilled"` // read from an archive, not when it was news
	Countries     []string  `json:"countries"`  // ISO 3166-1 alpha-2, sorted
	Acts          []string  `json:"acts"`       // visit, talks, exercise, agreement, …
	Topic         Topic     `json:"topic"`
	DuplicateOf   *string   `json:"duplicate_of"` // article_id of the same text elsewhere
	SameStory     []string  `json:"same_story"`   // article_ids of other versions
	BodySHA256    string    `json:"body_sha256"`  // of BodyText in UTF-8, lower-case hex
	RawRef        *RawRef   `json:"raw_ref"`      // where the page as sent is kept
	RunID         string    `json:"run_id"`
	SchemaVersion string    `json:"schema_version"`
}

// Content is what the page itself says: the part of a Record that reading fills.
type Content struct {
	Title              string       `json:"title"`
	Lede               *string      `json:"lede"`
	BodyText           string       `json:"body_text"` // paragraphs, a blank line between two
	Language           string       `json:"language"`  // BCP 47
	Authors            []string     `json:"authors"`
	Section            *string      `json:"section"`
	Tags               []string     `json:"tags"`
	Images             []Image      `json:"images"`
	PublishedAt        *time.Time   `json:"published_at"`
	PublishedPrecision *string      `json:"published_precision"` // second, minute or day: what the page gave
	PublishedRaw       *string      `json:"published_raw"`       // the string on the page
	PublishedZone      *string      `json:"published_zone"`      // "+07:00" from the page, or the source's declared zone
	ModifiedAt         *time.Time   `json:"modified_at"`
	Attribution        *Attribution `json:"attribution"`
	Extractor          Extractor    `json:"extractor"`
	Quality            []Note       `json:"quality"`
}

// Image is a picture of the article with the words under it. Caption is the
// line as printed; Credit is the photographer or agency it names, if any.
type Image struct {
	URL     string  `json:"url"`
	Caption *string `json:"caption"`
	Credit  *string `json:"credit"`
}

// Attribution is the line that says where the text was first published.
type Attribution struct {
	Text string  `json:"text"`
	URL  *string `json:"url"`
}

// Topic is the decision whether the article is about defence diplomacy.
type Topic struct {
	Score   float64  `json:"score"` // 0…1
	Signals []Signal `json:"signals"`
}

// Signal is one thing that counted for or against.
type Signal struct {
	Kind  string `json:"kind"`  // defence, act, country, against
	Text  string `json:"text"`  // the words, as found
	Place string `json:"place"` // title, lede or body
}

// RawRef points at the page as the publisher sent it.
type RawRef struct {
	Segment string `json:"segment"` // key of the WARC object
	Offset  int64  `json:"offset"`  // of the record's gzip member, bytes
}

// Extractor says how the page was read.
type Extractor struct {
	Kind         ExtractorKind `json:"kind"`
	RulesVersion string        `json:"rules_version"` // first 12 hex digits of the sha256 of the source file
	Fields       []Answer      `json:"fields"`        // which candidate answered each field
}

// Answer names the candidate that gave a field its value: a selector of the
// source's rules, "jsonld:…" or "meta:…" for structured data, "fallback".
type Answer struct {
	Field string `json:"field"`
	By    string `json:"by"`
}

// ExtractorKind is the weakest step that was needed for the body.
type ExtractorKind string

// The steps of reading, strongest first.
const (
	ByRules    ExtractorKind = "rules"
	ByFallback ExtractorKind = "fallback"
)

// Note is a doubt about one field that a reader of the record should know.
type Note struct {
	Field string `json:"field"`
	Note  string `json:"note"`
}
