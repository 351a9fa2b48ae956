package pipeline

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A run may land for as long as it takes, but not for long once it is told to stop.
func TestOutlive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		last, cancel := outlive(ctx)
		defer cancel()
		time.AfterFunc(time.Hour, stop)
		began := time.Now()
		<-last.Done()
		if lived := time.Since(began); lived != time.Hour+grace {
			t.Errorf("it lived %s, want %s after the hour", lived, grace)
		}
	})
}
