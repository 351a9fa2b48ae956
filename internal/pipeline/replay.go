package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"attache/internal/article"
	"attache/internal/warc"
	"attache/parse"
	"attache/seeds"
	"attache/sinks"
)

// Replayed is what today's rules make of one captured page.
type Replayed struct {
	ArticleID string          `json:"article_id"`
	URL       string          `json:"url"`
	Captured  time.Time       `json:"captured_at"`
	Verdict   string          `json:"verdict"`           // same, differs, new, out_of_scope, quarantined, withdrawn, superseded or unreadable
	Reason    string          `json:"reason,omitempty"`  // of the last five
	Fields    []Difference    `json:"fields,omitempty"`  // that differ from what is stored
	Revision  bool            `json:"revision"`          // the difference makes a revision
	Outcome   article.Outcome `json:"outcome,omitempty"` // when it was committed
}

// Difference is one field, as it is stored and as today's rules read it; JSON.
type Difference struct {
	Field string          `json:"field"`
	Was   json.RawMessage `json:"was"`
	Is    json.RawMessage `json:"is"`
}

// ErrNoCaptures is a stretch of time of which nothing is kept.
var ErrNoCaptures = errors.New("no captures")

// Replay reads the captures of a source's articles from one day to another (UTC,
// both included) through today's rules, the newest capture of each article only, and
// tells what would differ from what is stored. With commit it makes revisions,
// with reason rules; it asks the publisher nothing.
func (p *Pipeline) Replay(ctx context.Context, src *seeds.Source, from, to time.Time, commit bool, tell func(Replayed)) error {
	if p.Captures == nil {
		return errors.New("no captures are kept: set capture.keep")
	}
	segments, err := p.segments(ctx, src.ID, from, to)
	if err != nil {
		return err
	}
	if len(segments) == 0 {
		return fmt.Errorf("%w of %s from %s to %s", ErrNoCaptures, src.ID, from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	r := &replay{Pipeline: p, src: src, commit: commit, run: ulid.Make().String(), seen: map[string]bool{}}
	newestFirst := slices.SortedFunc(maps.Keys(segments), func(a, b string) int { return cmp.Compare(b, a) })
	for _, key := range newestFirst {
		pages, err := r.pages(ctx, key, segments[key])
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		for _, c := range pages {
			told, err := r.page(ctx, c)
			if err != nil {
				return err
			}
			tell(told)
		}
	}
	if !commit {
		return nil
	}
	if err := p.freeze(ctx, r.run, src.ID); err != nil {
		return err
	}
	return p.Land(ctx)
}

// segments are a source's captures of those days, newest first: the path of those
// on their way to S3 by key, "" for those that are there.
func (p *Pipeline) segments(ctx context.Context, source string, from, to time.Time) (map[string]string, error) {
	if err := p.Captures.Rotate(); err != nil {
		return nil, err
	}
	local, err := p.Captures.Closed()
	if err != nil {
		return nil, err
	}
	prefix := sinks.RawPrefix(source)
	found := map[string]string{}
	if p.Bucket != nil {
		objects, err := p.Bucket.List(ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			found[o.Key] = ""
		}
	}
	for _, s := range local {
		found[s.Key] = s.Path
	}
	first, after := prefix+"fetch_date="+from.Format(time.DateOnly), prefix+"fetch_date="+to.AddDate(0, 0, 1).Format(time.DateOnly)
	maps.DeleteFunc(found, func(key, _ string) bool { return !strings.HasPrefix(key, prefix) || key < first || key >= after })
	return found, nil
}

type replay struct {
	*Pipeline
	src    *seeds.Source
	commit bool
	run    string
	seen   map[string]bool // articles of which a newer capture was read
}

// open reads a segment, from disk while it is still there.
func (r *replay) open(ctx context.Context, key, path string) (io.ReadCloser, error) {
	if path != "" {
		f, err := os.Open(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return r.Bucket.Get(ctx, key)
}

// captured is one page of an article.
type captured struct {
	id     string
	ref    warc.Ref
	answer warc.Exchange
}

// pages are the newest captures in a segment of articles not seen in a newer one.
func (r *replay) pages(ctx context.Context, key, path string) ([]captured, error) {
	body, err := r.open(ctx, key, path)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	newest := map[string]captured{}
	for records := warc.NewReader(body, maxCapture); ; {
		record, err := records.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		id, ok := r.src.Identify(record.Fields.Get("WARC-Target-URI"))
		if !ok || record.Type != "response" || r.seen[id] {
			continue
		}
		answer, err := record.Exchange()
		if err != nil {
			return nil, err
		}
		if answer.Status == http.StatusOK && answer.Truncated == "" {
			newest[id] = captured{id, warc.Ref{Segment: key, Offset: record.Offset}, answer}
		}
	}
	var pages []captured
	for id, c := range newest {
		r.seen[id] = true
		pages = append(pages, c)
	}
	slices.SortFunc(pages, func(a, b captured) int { return cmp.Compare(a.ref.Offset, b.ref.Offset) })
	return pages, nil
}

// page reads one capture and compares.
func (r *replay) page(ctx context.Context, c captured) (Replayed, error) {
	told := Replayed{ArticleID: c.id, URL: c.answer.URL, Captured: c.answer.At, Verdict: "same"}
	last, err := r.Store.Latest(ctx, c.id)
	if err != nil {
		return told, err
	}
	if last != nil && last.ChangeType == article.Removed {
		told.Verdict, told.Reason = "withdrawn", "what was withdrawn stays so"
		return told, nil
	}
	if last != nil && last.FetchedAt.After(c.answer.At.Add(time.Minute)) && (last.RawRef == nil || last.RawRef.Segment != c.ref.Segment || last.RawRef.Offset != c.ref.Offset) {
		told.Verdict, told.Reason = "superseded", "what is stored was fetched later"
		return told, nil
	}
	body, err := c.answer.Decoded(r.MaxPage)
	if err != nil {
		told.Verdict, told.Reason = "unreadable", err.Error()
		return told, nil //nolint:nilerr // it is told
	}
	reading, err := parse.Read(r.src, parse.Page{URL: c.answer.URL, ContentType: c.answer.Received.Get("Content-Type"), Body: body, FetchedAt: c.answer.At})
	if err != nil || reading.Broken != "" {
		told.Verdict, told.Reason = "quarantined", cmp.Or(reading.Broken, fmt.Sprint(err))
		return told, nil
	}
	decision := r.decide(reading)
	if !decision.Match {
		told.Reason = fmt.Sprintf("topic score %.2f", decision.Score)
		if told.Verdict = "left_out"; last != nil {
			told.Verdict, told.Reason = "out_of_scope", told.Reason+"; it is stored, and is left so"
		}
		return told, nil
	}
	record := Record(r.src, c.answer.URL, reading, decision)
	record.ArticleID, record.RunID, record.ChangeReason = c.id, r.run, article.FromRules
	record.FirstSeenAt, record.FetchedAt = c.answer.At, c.answer.At
	record.RawRef = &article.RawRef{Segment: c.ref.Segment, Offset: c.ref.Offset}
	if last == nil {
		told.Verdict, told.Revision = "new", true
	} else {
		record.URL, record.FirstSeenAt, record.Backfilled = last.URL, last.FirstSeenAt, last.Backfilled
		for _, n := range last.Quality { // the capture does not know its list
			if strings.HasPrefix(n.Note, listDoubt) {
				record.Quality = append(record.Quality, n)
			}
		}
		if told.Fields, err = differences(last, &record); err != nil {
			return told, err
		}
		if len(told.Fields) > 0 {
			told.Verdict = "differs"
		}
		told.Revision = last.Fingerprint() != record.Fingerprint()
	}
	if r.commit && told.Revision {
		told.Outcome, err = r.Store.Reread(ctx, record.URL, &record)
	}
	return told, err
}

// maxCapture bounds the record of a capture that is read.
const maxCapture = 256 << 20

// compared are the fields of a record that rules and the topic decision fill.
var compared = []string{
	"title", "lede", "body_text", "language", "authors", "section", "tags", "images", "published_at", "published_precision",
	"published_raw", "published_zone", "modified_at", "attribution", "canonical_url", "countries", "acts", "topic", "quality",
}

func differences(was, is *article.Record) ([]Difference, error) {
	before, err := fieldsOf(was)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(is)
	if err != nil {
		return nil, err
	}
	var found []Difference
	for _, field := range compared {
		if !bytes.Equal(before[field], after[field]) {
			found = append(found, Difference{field, before[field], after[field]})
		}
	}
	return found, nil
}

func fieldsOf(r *article.Record) (fields map[string]json.RawMessage, err error) {
	text, err := r.JSON()
	if err != nil {
		return nil, err
	}
	return fields, json.Unmarshal(text, &fields)
}
