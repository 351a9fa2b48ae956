// Package quality says how good a drop is: what came, from whom, how much of that is
// usual, how complete it is, and what is missing. A [Tally] reads the rows as they
// are sealed and gives a [Report], for programs as JSON and for people as HTML.
package quality

import (
	"bytes"
	"encoding/json"
	"time"

	"attache/internal/article"
)

// Version is the version of the report's own form. New fields may come without a new
// version; a changed meaning makes one.
const Version = 1

// Report is the quality of one drop. Counts are of rows. A row with a text is one that
// was neither withdrawn nor redacted; what is said of texts, topics and fields counts
// those only. Text that came from elsewhere is cut and free of control characters.
type Report struct {
	Version       int              `json:"version"`
	SchemaVersion string           `json:"schema_version"` // of the rows
	DropDate      string           `json:"drop_date"`
	Zone          string           `json:"zone"`
	Rev           int              `json:"rev"`
	Reason        string           `json:"reason"` // of a further revision
	From          time.Time        `json:"from"`
	To            time.Time        `json:"to"`
	SealedAt      time.Time        `json:"sealed_at"`
	Producer      string           `json:"producer"`
	Running       bool             `json:"running"`
	Status        Status           `json:"status"`
	Headline      string           `json:"headline"` // the day in a sentence
	Findings      []Finding        `json:"findings"` // what a reader should know, gravest first
	Totals        Totals           `json:"totals"`
	Baseline      Baseline         `json:"baseline"` // of all sources together
	Past          []int64          `json:"past"`     // rows of the days before, oldest first; -1: not known
	Sources       []Publisher      `json:"sources"`  // by id
	Changes       []Change         `json:"changes"`
	Languages     []Count          `json:"languages"`
	Acts          []Count          `json:"acts"`
	Countries     []Count          `json:"countries"`
	Pairs         []Pair           `json:"pairs"`    // of countries in one row
	Coverage      map[string]int64 `json:"coverage"` // of all sources together
	Length        *Spread          `json:"length"`   // of body_text, characters; null without a text
	Lateness      Lateness         `json:"lateness"` // of all sources together
	Bodies        Bodies           `json:"bodies"`
	Notes         []Note           `json:"notes"` // doubts about fields
	Rejects       Rejects          `json:"rejects"`
	Gaps          []Gap            `json:"gaps"`
	Titles        []Title          `json:"titles"` // newest first
}

// The most entries a list of the report has.
const (
	maxListed    = 100
	maxCountries = 250 // all there are
	maxTitles    = 50
	maxBodies    = 20
)

// Totals are counts of the whole drop.
type Totals struct {
	Rows        int64 `json:"rows"`
	Added       int64 `json:"added"`
	Changed     int64 `json:"changed"`
	Withdrawn   int64 `json:"withdrawn"`
	Texts       int64 `json:"texts"`   // rows with a text
	Sources     int   `json:"sources"` // with rows
	Watched     int   `json:"watched"` // sources
	Backfilled  int64 `json:"backfilled"`
	Fallback    int64 `json:"fallback"`     // texts the fallback reader found
	DuplicateOf int64 `json:"duplicate_of"` // texts that repeat another article's
	SameStory   int64 `json:"same_story"`   // texts that are a version of another article
	NotHad      int64 `json:"not_had"`      // addresses that failed, were blocked or quarantined, by the ledgers
	Rejects     int64 `json:"rejects"`
	Gaps        int   `json:"gaps"` // also those not listed
}

// Publisher is one source's part of the drop.
type Publisher struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Language    string           `json:"language"`
	Home        string           `json:"home"`
	Watched     bool             `json:"watched"`
	Rows        int64            `json:"rows"`
	Added       int64            `json:"added"`
	Changed     int64            `json:"changed"`
	Withdrawn   int64            `json:"withdrawn"`
	LeftTopic   int64            `json:"left_topic"` // of the withdrawn: the ledger has them as out_of_scope
	Texts       int64            `json:"texts"`
	Backfilled  int64            `json:"backfilled"`
	Fallback    int64            `json:"fallback"`
	DuplicateOf int64            `json:"duplicate_of"`
	SameStory   int64            `json:"same_story"`
	Rejects     int64            `json:"rejects"`
	Baseline    Baseline         `json:"baseline"`
	Past        []int64          `json:"past"`
	Coverage    map[string]int64 `json:"coverage"` // texts that have the field, by the names in [Fields]
	Length      *Spread          `json:"length"`
	Lateness    Lateness         `json:"lateness"`
	Ledger      *article.Ledger  `json:"ledger"`
	Balanced    *bool            `json:"ledger_balanced"` // carried in + opened = closed + carried out; null without a ledger
	Agrees      *bool            `json:"ledger_has_rows"` // stored + revised + withdrawn = rows − left_topic
}

// Change counts rows by what they are to the revision before.
type Change struct {
	Type   article.ChangeType   `json:"change_type"`
	Reason article.ChangeReason `json:"change_reason"`
	Rows   int64                `json:"rows"`
}

// Count counts texts.
type Count struct {
	Name string `json:"name"` // BCP 47, an act, or ISO 3166-1 alpha-2
	Rows int64  `json:"rows"`
}

// Pair counts texts with two countries in them.
type Pair struct {
	A    string `json:"a"` // A < B
	B    string `json:"b"`
	Rows int64  `json:"rows"`
}

// Lateness is first_seen_at − published_at in seconds, of articles that are new and
// were not read from an archive.
type Lateness struct {
	Seconds   *Spread `json:"seconds"`    // of those with a time; null when none has one
	DayOnly   int64   `json:"day_only"`   // published_at names a day and no time: not in Seconds
	Undated   int64   `json:"undated"`    // without published_at
	Ahead     int64   `json:"ahead"`      // published after they were seen: 0 in Seconds
	BeforeDay int64   `json:"before_day"` // published before the drop's day began
}

// Bodies lists texts of odd length. Chinese, Japanese and Korean texts are held to a
// third of the limits.
type Bodies struct {
	ShortBelow int64  `json:"short_below"` // characters
	LongAbove  int64  `json:"long_above"`
	Short      int64  `json:"short"`
	Long       int64  `json:"long"`
	Shortest   []Body `json:"shortest"` // of the short ones
	Longest    []Body `json:"longest"`
}

// Body is a text of odd length.
type Body struct {
	ArticleID  string `json:"article_id"`
	Revision   int    `json:"revision"`
	Source     string `json:"source"`
	Title      string `json:"title"`
	Language   string `json:"language"`
	URL        string `json:"url"`
	Characters int64  `json:"characters"`
}

// Note counts quality notes of one kind.
type Note struct {
	Field string `json:"field"`
	Note  string `json:"note"` // … stands for what differs
	Count int64  `json:"count"`
}

// Rejects is what was quarantined.
type Rejects struct {
	Count   int64          `json:"count"`
	Reasons []RejectReason `json:"reasons"`
	Listed  []Reject       `json:"listed"` // the first of them
}

// RejectReason counts what was quarantined for reasons of one kind.
type RejectReason struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Title is one row with a text.
type Title struct {
	ArticleID   string             `json:"article_id"`
	Revision    int                `json:"revision"`
	ChangeType  article.ChangeType `json:"change_type"`
	Source      string             `json:"source"`
	Title       string             `json:"title"`
	Language    string             `json:"language"`
	URL         string             `json:"url"`
	PublishedAt *time.Time         `json:"published_at"`
	FirstSeenAt time.Time          `json:"first_seen_at"`
	DayOnly     bool               `json:"day_only"` // published_at names a day and no time
	Backfilled  bool               `json:"backfilled"`
	DuplicateOf *string            `json:"duplicate_of"`
}

// JSON gives the same bytes for equal reports.
func (r Report) JSON() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
