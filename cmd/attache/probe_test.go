package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		asked, away := 0, true
		go probe(ctx, func(context.Context) error {
			asked++
			if away {
				return errors.New("no answer")
			}
			return nil
		}, func() bool { return away }, slog.New(slog.DiscardHandler))
		<-time.After(5*time.Minute + time.Second)
		if asked != 6 {
			t.Errorf("asked %d times in five minutes without an answer, want 6", asked)
		}
		away = false
		<-time.After(time.Hour)
		if asked != 6 {
			t.Errorf("an S3 that answers was asked %d times more", asked-6)
		}
		cancel()
		synctest.Wait()
	})
}
