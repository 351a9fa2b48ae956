package pipeline

import (
	"sync"

	"attache/crawlers/transport"
)

// Traffic is what a run asked of its publisher, retries and robots.txt included.
type Traffic struct {
	Requests    int   `json:"requests"`
	NotModified int   `json:"not_modified"` // answered without a body
	Unanswered  int   `json:"unanswered"`
	Bytes       int64 `json:"bytes"` // of bodies, as they came over the wire

	origins map[string]bool // that were asked
}

// maxOrigins bounds how many of them are remembered.
const maxOrigins = 50

// Counter adds up what the transport observes, by source.
type Counter struct {
	mu  sync.Mutex
	sum map[string]Traffic
}

// Observe counts one request.
func (c *Counter) Observe(o transport.Observation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sum == nil {
		c.sum = map[string]Traffic{}
	}
	t := c.sum[o.Source]
	t.Requests++
	t.Bytes += o.Bytes
	if t.origins == nil {
		t.origins = map[string]bool{}
	}
	if len(t.origins) < maxOrigins {
		t.origins[o.Origin] = true
	}
	switch o.Status {
	case 0:
		t.Unanswered++
	case 304:
		t.NotModified++
	}
	c.sum[o.Source] = t
}

// Take gives what was counted for the source since the last call.
func (c *Counter) Take(source string) Traffic {
	if c == nil {
		return Traffic{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.sum[source]
	delete(c.sum, source)
	return t
}
