package sinks

import (
	"context"
	"errors"
	"io"
	"testing"
)

// away is a service that answers for the first keys only.
type away struct {
	Objects
	asked, answers int
}

func (a *away) Get(context.Context, string) (io.ReadCloser, error) {
	if a.asked++; a.asked <= a.answers {
		return nil, ErrNotFound
	}
	return nil, ErrUnreachable
}

// TestLivePartsAreNotWaitedForOneByOne: each costs the patience for a service that is away.
func TestLivePartsAreNotWaitedForOneByOne(t *testing.T) {
	t.Parallel()
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = LiveKey(day, "run", digest([]byte("?")))
	}
	o := &away{answers: 10}
	if _, err := (&past{oldest: day}).parts(t.Context(), o, keys); !errors.Is(err, ErrUnreachable) || o.asked != 10+mostLost {
		t.Errorf("asked %d times, %v", o.asked, err)
	}
	o = &away{answers: len(keys) - mostLost + 1} // some that cannot be had are findings
	if findings, err := (&past{oldest: day}).parts(t.Context(), o, keys); len(findings) != mostLost-1 || err != nil {
		t.Errorf("%d findings, %v", len(findings), err)
	}
}
