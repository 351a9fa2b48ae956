package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"attache/config"
	"attache/internal/capture"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/sinks"
)

// rawCmd shows what the publisher sent.
type rawCmd struct {
	settings
	Article string `arg:"" name:"article_id" help:"Such as vtcnews:ar1036231."`
	Headers bool   `help:"Print the answer's header before the page."`
}

// Run prints the page behind the newest revision, decoded, as the rules read it.
func (c *rawCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	s, err := store.View(settings.StoreFile())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	record, err := s.Latest(ctx, c.Article)
	if err != nil {
		return err
	}
	if record == nil {
		return fmt.Errorf("no article %q is stored here; records name theirs in article_id", c.Article)
	}
	if record.RawRef == nil {
		return fmt.Errorf("revision %d of %s has no capture: it was read without (capture.keep), or is a withdrawal", record.Revision, c.Article)
	}
	read, done := captures(ctx, settings)
	defer func() { err = errors.Join(err, done()) }()
	page, err := read(warc.Ref{Segment: record.RawRef.Segment, Offset: record.RawRef.Offset})
	if err != nil {
		return err
	}
	body, err := page.Decoded(int64(settings.Crawl.MaxPage))
	if err != nil {
		return err
	}
	if c.Headers {
		fmt.Printf("%s\n%s, %d\n", page.URL, page.At.UTC().Format(time.RFC3339Nano), page.Status)
		if err := page.Received.Write(os.Stdout); err != nil {
			return err
		}
		fmt.Println()
	}
	_, err = os.Stdout.Write(body)
	return err
}

// captures reads captures beside a running daemon, from the data folder, else from the
// bucket, which is opened when it is first wanted.
func captures(ctx context.Context, c config.Config) (read func(warc.Ref) (warc.Exchange, error), done func() error) {
	var closing closers
	bucket := sync.OnceValues(func() (*sinks.Bucket, error) {
		b, _, err := openBucket(ctx, c, &closing, nil)
		return b, err
	})
	return func(ref warc.Ref) (warc.Exchange, error) {
		return capture.Read(c.CaptureDir(), ref, func(key string, offset int64) (io.ReadCloser, error) {
			b, err := bucket()
			if err != nil {
				return nil, err
			}
			return b.GetFrom(ctx, key, offset)
		})
	}, closing.all
}
