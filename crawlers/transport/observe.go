package transport

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// observer tells of every request that was let go, when the last of its answer
// came: each attempt of a retry, each hop of a redirect, robots.txt too; and of
// those that the guarded dialer refused. What pace or robots.txt held back did
// not leave.
type observer struct {
	next http.RoundTripper
	tell func(Observation)
}

func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	var bytes atomic.Int64
	begin := time.Now()
	seen := Observation{Source: policyOf(req.Context()).Source, Host: hostname(req.URL), Origin: originOf(req.URL)}
	done := sync.OnceFunc(func() {
		seen.Bytes, seen.Took = bytes.Load(), time.Since(begin)
		o.tell(seen)
	})
	resp, err := o.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), meterKey{}, &bytes)))
	if err != nil {
		seen.Err = err
		done()
		return nil, err
	}
	seen.Status = resp.StatusCode
	resp.Body = &onClose{ReadCloser: resp.Body, close: done, explain: func(err error) error {
		seen.Err = err
		return err
	}}
	return resp, nil
}

type meterKey struct{}

// meter counts for the observer what comes over the wire, below every layer that
// changes it.
type meter struct{ next http.RoundTripper }

func (m *meter) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := m.next.RoundTrip(req)
	if count, ok := req.Context().Value(meterKey{}).(*atomic.Int64); ok && err == nil {
		resp.Body = &metered{resp.Body, count}
	}
	return resp, err
}

type metered struct {
	io.ReadCloser
	count *atomic.Int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	m.count.Add(int64(n))
	return n, err
}
