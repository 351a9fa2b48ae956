package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"attache/internal/store"
	"attache/internal/warc"
	"attache/seeds"
	"attache/sinks"
)

// sourceOf is the source an article's id begins with.
func sourceOf(articleID string) string {
	source, _, _ := strings.Cut(articleID, ":")
	return source
}

// erase takes the pages of articles that were taken down out of the captures, and the
// lists of their source that name them; all else in them stays where it is. A segment
// that cannot be read keeps its own takedown open, and nothing else.
func (p *Pipeline) erase(ctx context.Context) error {
	if p.Captures == nil {
		return nil
	}
	down, err := p.Store.Takedowns(ctx, store.UnerasedTakedowns)
	if err != nil || len(down) == 0 {
		return err
	}
	failed := p.LandCaptures(ctx)
	for _, t := range down {
		if err := p.eraseArticle(ctx, t); err != nil {
			failed = errors.Join(failed, fmt.Errorf("take the pages of %s out of the captures: %w", t.ArticleID, err))
			continue
		}
		if err := p.settled(); err != nil { // a power cut would bring them back
			return errors.Join(failed, err)
		}
		if err := p.Store.Erased(ctx, t.ArticleID); err != nil {
			return errors.Join(failed, err)
		}
	}
	return failed
}

func (p *Pipeline) eraseArticle(ctx context.Context, t store.Takedown) (failed error) {
	is, err := p.traces(ctx, t.ArticleID)
	if err != nil {
		return err
	}
	segments, err := p.Bucket.List(ctx, sinks.RawPrefix(sourceOf(t.ArticleID)))
	if err != nil {
		return err
	}
	for _, s := range segments {
		if !strings.HasSuffix(s.Key, ".warc.gz") {
			continue
		}
		if err := p.eraseIn(ctx, s.Key, t.Reason, is); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", s.Key, err))
		}
		if ctx.Err() != nil {
			return failed
		}
	}
	return failed
}

// trace tells whether a captured answer has an article, or is a list that names it.
type trace func(address string, answer *warc.Record) bool

// traces goes by what addresses the store knows the article by, and by the patterns of
// its source. Pages of other articles stay, also where they name this one.
func (p *Pipeline) traces(ctx context.Context, articleID string) (trace, error) {
	known, err := p.Store.Addresses(ctx, articleID)
	if err != nil {
		return nil, err
	}
	var source *seeds.Source
	for _, s := range p.Sources {
		if s.ID == sourceOf(articleID) {
			source = s
		}
	}
	if source == nil {
		return nil, fmt.Errorf("no source %s is known any more, whose addresses would tell its pages; put its file back, and seal again", sourceOf(articleID))
	}
	var tails [][]byte
	for _, address := range known {
		if tail := path.Base(address); len(tail) >= leastTail {
			tails = append(tails, []byte(tail))
		}
	}
	return func(address string, answer *warc.Record) bool {
		id, ok := source.Identify(address)
		if ok || slices.Contains(known, address) {
			return id == articleID || slices.Contains(known, address)
		}
		e, err := answer.Exchange()
		if err != nil {
			return false
		}
		body, err := e.Decoded(maxList)
		return err == nil && slices.ContainsFunc(tails, func(tail []byte) bool { return bytes.Contains(body, tail) })
	}, nil
}

// maxList bounds a list that is looked into, unpacked, bytes; it is what discovery allows.
const maxList = 50 << 20

// leastTail is how long the end of an address must be to stand for it in a list.
const leastTail = 8

// eraseIn puts a segment without those records in the place of one with them.
func (p *Pipeline) eraseIn(ctx context.Context, key, reason string, is trace) error {
	before, err := p.copied(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = before.Close(); _ = os.Remove(before.Name()) }()
	offsets, err := traced(ctx, before, is)
	if err != nil || len(offsets) == 0 {
		return err
	}
	info, err := before.Stat()
	if err != nil {
		return err
	}
	after, err := os.Create(filepath.Join(p.Spool, "erased.tmp"))
	if err != nil {
		return err
	}
	defer func() { _ = after.Close(); _ = os.Remove(after.Name()) }()
	if err := warc.Erase(before, info.Size(), offsets, reason, after); err != nil {
		return err
	}
	had, err := digest(before.Name())
	if err != nil {
		return err
	}
	has, err := digest(after.Name())
	if err != nil {
		return err
	}
	return p.Bucket.Replace(ctx, sinks.Object{Key: key, Path: after.Name(), SHA256: has, Bytes: info.Size(), ContentType: sinks.WARCType}, had)
}

// traced gives where the answers of a segment begin that are to go.
func traced(ctx context.Context, segment io.Reader, is trace) (offsets []int64, err error) {
	for records := warc.NewReader(segment, maxCapture); ctx.Err() == nil; {
		record, err := records.Next()
		switch {
		case errors.Is(err, io.EOF):
			return offsets, nil
		case err != nil:
			return nil, err
		case record.Type == "response" && is(strings.Trim(record.Fields.Get("WARC-Target-URI"), "<>"), record):
			offsets = append(offsets, record.Offset)
		}
	}
	return nil, context.Cause(ctx)
}

// copied is a segment on disk.
func (p *Pipeline) copied(ctx context.Context, key string) (*os.File, error) {
	body, err := p.Bucket.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	file, err := os.Create(filepath.Join(p.Spool, "segment.tmp"))
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(file, body); err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return file, nil
}
