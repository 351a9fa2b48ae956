package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var asked atomic.Int32
		var back atomic.Bool
		go probe(ctx, func(context.Context) error {
			asked.Add(1)
			if !back.Load() {
				return errors.New("no answer")
			}
			return nil
		}, func() bool { return !back.Load() }, slog.New(slog.DiscardHandler))
		<-time.After(5*time.Minute + time.Second)
		if n := asked.Load(); n != 6 {
			t.Errorf("asked %d times in five minutes without an answer, want 6", n)
		}
		back.Store(true)
		<-time.After(time.Hour)
		if n := asked.Load(); n != 6 {
			t.Errorf("an S3 that answers was asked %d times more", n-6)
		}
		cancel()
		synctest.Wait()
	})
}
