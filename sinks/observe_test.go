package sinks

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// calls are those a bucket was seen to make.
type calls struct {
	mu   sync.Mutex
	list []Call
}

func (c *calls) add(one Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, one)
}

// results are the operations and how they ended, in their order.
func (c *calls) results() (list []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.list {
		list = append(list, one.Operation+" "+string(one.Result))
	}
	return list
}

func TestEveryCallIsTold(t *testing.T) {
	t.Parallel()
	var seen calls
	s := settings()
	made(t, s)
	s.Observe = seen.add
	b := open(t, s)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.Check(t.Context()))
	for range 2 { // the second is there already
		_, err := b.PutBytes(t.Context(), "k", []byte("text"), "text/plain")
		must(err)
	}
	if _, err := b.Get(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	got := seen.results()
	for _, want := range []string{"ListObjectsV2 done", "PutObject done", "PutObject refused", "GetObject missing"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	for _, c := range seen.list {
		if c.Result.Failed() || c.Took <= 0 || !c.Dated || c.Clock.Abs() > time.Minute {
			t.Errorf("%+v", c)
		}
	}
}

func TestHowCallsFail(t *testing.T) {
	t.Parallel()
	answer := func(status int) func(*Settings) {
		return func(s *Settings) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
			t.Cleanup(srv.Close)
			s.Endpoint = srv.URL
		}
	}
	for name, c := range map[string]struct {
		change func(*Settings)
		want   string
	}{
		"denied":  {answer(403), "ListObjectsV2 denied"},
		"busy":    {answer(503), "ListObjectsV2 busy"},
		"strange": {answer(418), "ListObjectsV2 wrong"},
		"a proxy": {answer(404), "ListObjectsV2 wrong"},
		"down":    {func(s *Settings) { s.Endpoint = "http://127.0.0.1:1" }, "ListObjectsV2 unreachable"},
		"no credentials": {func(s *Settings) {
			s.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New("none")
			})
		}, "Credentials denied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen calls
			s := settings()
			c.change(&s)
			s.Observe = seen.add
			b := open(t, s)
			if err := b.Check(t.Context()); err == nil {
				t.Error("it went well")
			}
			got := seen.results()
			if len(got) == 0 || slices.ContainsFunc(got, func(one string) bool { return one != c.want }) {
				t.Errorf("got %q, want only %q", got, c.want)
			}
			for _, one := range seen.list {
				if !one.Result.Failed() {
					t.Errorf("%s is no failure", one.Result)
				}
			}
		})
	}
	t.Run("not waited for", func(t *testing.T) {
		t.Parallel()
		var seen calls
		s := settings()
		s.Observe = seen.add
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := open(t, s).Check(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		for _, one := range seen.list {
			if one.Result != CallEnded || one.Result.Failed() {
				t.Errorf("%+v", one)
			}
		}
	})
}
