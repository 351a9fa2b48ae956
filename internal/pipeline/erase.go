package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"attache/internal/article"
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

// erase takes the pages of articles that were taken down out of the captures, and
// leaves all else in them where it is.
func (p *Pipeline) erase(ctx context.Context) error {
	if p.Captures == nil {
		return nil
	}
	down, err := p.Store.Takedowns(ctx, true)
	if err != nil || len(down) == 0 {
		return err
	}
	if err := p.LandCaptures(ctx); err != nil {
		return err
	}
	for _, t := range down {
		if err := p.eraseArticle(ctx, t); err != nil {
			return fmt.Errorf("take the pages of %s out of the captures: %w", t.ArticleID, err)
		}
		if err := p.Store.Erased(ctx, t.ArticleID); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pipeline) eraseArticle(ctx context.Context, t store.Takedown) error {
	of, err := p.addressed(ctx, t.ArticleID)
	if err != nil {
		return err
	}
	segments, err := p.Bucket.List(ctx, sinks.RawPrefix(sourceOf(t.ArticleID)))
	if err != nil {
		return err
	}
	for _, s := range segments {
		if err := p.eraseIn(ctx, s.Key, t.Reason, of); err != nil {
			return fmt.Errorf("%s: %w", s.Key, err)
		}
	}
	return nil
}

// addressed tells whether an address is the article's, by what the store knows and
// by the source's own patterns.
func (p *Pipeline) addressed(ctx context.Context, articleID string) (func(address string) bool, error) {
	known, err := p.Store.Addresses(ctx, articleID)
	if err != nil {
		return nil, err
	}
	addresses := map[string]bool{}
	for _, a := range known {
		addresses[a] = true
	}
	var source *seeds.Source
	for _, s := range p.Sources {
		if s.ID == sourceOf(articleID) {
			source = s
		}
	}
	return func(address string) bool {
		if addresses[address] || source == nil {
			return addresses[address]
		}
		id, ok := source.Identify(address)
		return ok && article.ID(source.ID, id) == articleID
	}, nil
}

// eraseIn puts a segment without those pages in the place of one with them.
func (p *Pipeline) eraseIn(ctx context.Context, key, reason string, of func(string) bool) error {
	before, err := p.copied(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = before.Close(); _ = os.Remove(before.Name()) }()
	offsets, err := warc.Find(before, maxCapture, of)
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
