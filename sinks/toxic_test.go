package sinks

import (
	"io"
	"net/url"
	"strings"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// poisoned opens the bucket of s by way of a TCP proxy with the toxics given, in
// Toxiproxy's JSON.
func poisoned(t *testing.T, s Settings, toxics ...string) (*Bucket, *toxiproxy.Proxy) {
	t.Helper()
	target, err := url.Parse(s.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", target.Host)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	for _, toxic := range toxics {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Fatal(err)
		}
	}
	s.Endpoint = "http://" + proxy.Listen
	return open(t, s), proxy
}

// TestPoisonedWire puts an object over connections that break, stall and crawl. What
// Put says is true, and a Put on a good wire afterwards ends with exactly the bytes.
func TestPoisonedWire(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		toxics []string
		lands  bool // over the bad wire already, for sure
	}{
		"reset after the request": {[]string{`{"type":"reset_peer","stream":"downstream","attributes":{"timeout":0}}`}, false},
		"reset in the request":    {[]string{`{"type":"reset_peer","stream":"upstream","attributes":{"timeout":0}}`}, false},
		"answers are lost":        {[]string{`{"type":"timeout","stream":"downstream","attributes":{"timeout":300}}`}, false},
		"answers are cut":         {[]string{`{"type":"limit_data","stream":"downstream","attributes":{"bytes":40}}`}, false},
		"half the request":        {[]string{`{"type":"limit_data","stream":"upstream","attributes":{"bytes":20000}}`}, false},
		"slow answers":            {[]string{`{"type":"latency","stream":"downstream","attributes":{"latency":400,"jitter":200}}`}, true},
		"a few KB a second":       {[]string{`{"type":"bandwidth","stream":"upstream","attributes":{"rate":40}}`}, true},
		"in slices":               {[]string{`{"type":"slicer","stream":"downstream","attributes":{"average_size":7,"size_variation":3,"delay":100}}`}, true},
		"sometimes reset":         {[]string{`{"type":"reset_peer","stream":"downstream","toxicity":0.4,"attributes":{"timeout":0}}`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings()
			good := made(t, s)
			bad, proxy := poisoned(t, s, c.toxics...)
			o := spooled(t, "v1/live/part.jsonl.gz", strings.Repeat("Two ministers met in Vientiane. ", 2000))
			_, err := bad.Put(t.Context(), o)
			if c.lands && err != nil {
				t.Errorf("it did not land: %v", err)
			}
			if err == nil {
				holds(t, good, o.Key, o.Bytes)
			}
			proxy.Stop() // an outage
			if _, err := bad.Put(t.Context(), o); err == nil {
				t.Error("it landed while the service was out of reach")
			}
			landed, err := good.Put(t.Context(), o)
			if err != nil || c.lands && !landed.Already {
				t.Errorf("on a good wire: %+v, %v", landed, err)
			}
			holds(t, good, o.Key, o.Bytes)
			if objects, err := good.List(t.Context(), ""); len(objects) != 1 || err != nil {
				t.Errorf("in the bucket are %v, %v", objects, err)
			}
		})
	}
}

// holds reads the object back.
func holds(t *testing.T, b *Bucket, key string, size int64) {
	t.Helper()
	body, err := b.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil || int64(len(text)) != size {
		t.Errorf("%s holds %d bytes of %d, %v", key, len(text), size, err)
	}
}
