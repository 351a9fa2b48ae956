package pipeline

import (
	"context"
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

	"attache/internal/article"
	"attache/internal/capture"
	"attache/internal/warc"
	"attache/sinks"
)

// maxCapture bounds the record of a capture that is read.
const maxCapture = 256 << 20

// captured says where one answer for an article is kept.
type captured struct {
	at  time.Time
	ref warc.Ref
}

// of holds when the record was read from c.
func (c captured) of(r *article.Record) bool {
	return r.RawRef != nil && *r.RawRef == article.RawRef{Segment: c.ref.Segment, Offset: c.ref.Offset}
}

// pages are the captures of one article.
type pages struct {
	url string // of one of them
	all []captured
}

func (p *pages) newest() (at time.Time) {
	for _, c := range p.all {
		if c.at.After(at) {
			at = c.at
		}
	}
	return at
}

// fit are the captures that may take the place of what is stored, best first: the
// page it was read from, because what differs there is the rules' doing; then what
// was sent later, the newest first. Older text never comes over newer. What left the
// topic did so by two looks that far apart, the last of them before its row.
func (p *pages) fit(last *article.Record, apart time.Duration) []captured {
	fit := slices.Clone(p.all)
	slices.SortStableFunc(fit, func(a, b captured) int { return b.at.Compare(a.at) })
	if last == nil {
		return fit
	}
	before := last.FetchedAt
	if last.ChangeType == article.Removed {
		before = before.Add(-apart)
	}
	fit = slices.DeleteFunc(fit, func(c captured) bool { return !c.of(last) && !c.at.After(before) })
	slices.SortStableFunc(fit, func(a, b captured) int {
		switch {
		case a.of(last):
			return -1
		case b.of(last):
			return 1
		}
		return 0
	})
	return fit
}

// segments are a source's captures of those days: the path of those on their way to
// S3 by key, "" for those that are there.
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

// look goes through the segments, one record at a time, and notes where the answers
// for articles stand. Damaged is what could not be read and keeps nothing else from
// being read.
func (r *replay) look(ctx context.Context, segments map[string]string) (damaged, err error) {
	r.now.Segments = len(segments)
	for _, key := range slices.Sorted(maps.Keys(segments)) {
		err := r.segment(ctx, key, segments[key])
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case errors.Is(err, sinks.ErrUnreachable), errors.Is(err, sinks.ErrDenied):
			return nil, err
		case err != nil:
			damaged = errors.Join(damaged, fmt.Errorf("captures in %s could not all be read: %w", key, err))
		}
		r.now.SegmentsRead++
		r.Progress(r.now)
	}
	return damaged, nil
}

// segment notes the pages of one segment, those before its damage if it has one.
func (r *replay) segment(ctx context.Context, key, path string) error {
	body, err := r.open(ctx, key, path)
	if err != nil {
		return err
	}
	defer body.Close()
	var odd error // the first record that is whole and makes no sense
	for records := warc.NewReader(body, maxCapture); ctx.Err() == nil; {
		record, err := records.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(odd, err)
		}
		address := strings.Trim(record.Fields.Get("WARC-Target-URI"), "<>")
		id, ok := r.src.Identify(address)
		if !ok || record.Type != "response" {
			continue
		}
		answer, err := record.Exchange()
		if err != nil && odd == nil {
			odd = err
		}
		if err != nil || answer.Status != http.StatusOK || answer.Truncated != "" {
			continue
		}
		found := r.found[id]
		if found == nil {
			found = &pages{url: address}
			r.found[id] = found
		}
		found.all = append(found.all, captured{answer.At, warc.Ref{Segment: key, Offset: record.Offset}})
	}
	return odd
}

// open reads a segment, from disk while it is still there.
func (r *replay) open(ctx context.Context, key, path string) (io.ReadCloser, error) {
	if path != "" {
		f, err := os.Open(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return r.fetch(ctx)(key, 0)
}

func (r *replay) fetch(ctx context.Context) capture.Fetch {
	if r.Bucket == nil {
		return func(key string, _ int64) (io.ReadCloser, error) {
			return nil, fmt.Errorf("%s is not on this disk, and there is no bucket", key)
		}
	}
	return r.Bucket.Fetcher(ctx)
}
