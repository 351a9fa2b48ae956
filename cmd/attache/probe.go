package main

import (
	"context"
	"log/slog"
	"time"
)

const probeEvery = time.Minute

// probe asks S3 for a sign of life at once, and every minute while calls get no answer:
// when it is back, alarms end, also where nothing waits to land. It ends with ctx.
func probe(ctx context.Context, check func(context.Context) error, failing func() bool, log *slog.Logger) {
	err := check(ctx)
	if err != nil && ctx.Err() == nil {
		log.Error("records wait in the store until S3 answers", "error", err)
	}
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !failing() {
			continue
		}
		before := err
		if err = check(ctx); err == nil && before != nil {
			log.Info("S3 answers again")
		}
	}
}
