package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"time"

	"attache/config"
	"attache/crawlers/transport"
	"attache/internal/pipeline"
	"attache/internal/store"
)

// newTransport is for commands that look at a page or two. Hosts that the store says
// are to be left in peace are; what comes of this look, nobody remembers.
func newTransport(c config.Config) (_ *transport.Transport, done func() error, err error) {
	o, err := transportOptions(c)
	if err != nil {
		return nil, nil, err
	}
	var closing closers
	view, err := store.View(c.StoreFile())
	switch {
	case err == nil:
		closing.add(view.Close)
		o.Hosts = onlyRecalls{pipeline.Hosts{Store: view}}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, nil, err
	}
	t, err := transport.New(o)
	if err != nil {
		return nil, nil, errors.Join(err, closing.all())
	}
	closing.add(func() error { t.Close(); return nil })
	return t, closing.all, nil
}

// onlyRecalls knows the back-offs in the store, and adds none.
type onlyRecalls struct{ pipeline.Hosts }

// SetBackoff does nothing.
func (onlyRecalls) SetBackoff(context.Context, string, transport.Backoff) error { return nil }

func transportOptions(c config.Config) (o transport.Options, err error) {
	if c.Crawl.Contact == "" {
		return o, errors.New("crawl.contact is not set: publishers must be able to reach whoever crawls them. Write a configuration file with\n\n    crawl: {contact: you@example.org}\n\nand name it by --config")
	}
	o = transport.Options{
		UserAgent: "attache/" + version + " (+" + c.Crawl.Contact + ")",
		Timeout:   time.Duration(c.Crawl.Timeout),
		Patience:  time.Duration(c.Crawl.Patience),
		MaxBody:   int64(c.Crawl.MaxPage),
		RobotsFor: time.Duration(c.Crawl.RobotsFor),
		Resolve:   c.Network.Resolve,
	}
	if c.Crawl.Proxy != "" {
		if o.Proxy, err = url.Parse(c.Crawl.Proxy); err != nil {
			return o, err
		}
	}
	o.Roots, err = roots(c.Network.CAFile)
	return o, err
}

// roots are the system's certificate authorities and those of a file; nil, which
// stands for the system's, when none is named.
func roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("network.ca_file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("network.ca_file: %s holds no PEM certificate", file)
	}
	return pool, nil
}
