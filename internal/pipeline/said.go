package pipeline

import (
	"context"
	"log/slog"

	"github.com/oklog/ulid/v2"
)

type logKey struct{}

// logging gives a context whose work logs to l.
func logging(ctx context.Context, l *slog.Logger) context.Context {
	return context.WithValue(ctx, logKey{}, l)
}

// log is where work logs to: a run's own log, which names it on every line, also in
// what is shared by all.
func (p *Pipeline) log(ctx context.Context) *slog.Logger {
	if l, ok := ctx.Value(logKey{}).(*slog.Logger); ok {
		return l
	}
	return p.Log
}

// SealSource stands for the source in the log of work on drops, which is no source's.
const SealSource = ":seal"

// sealLogging marks the lines of one sealing, repair or takedown with an id of its own.
func (p *Pipeline) sealLogging(ctx context.Context) context.Context {
	if _, ok := ctx.Value(logKey{}).(*slog.Logger); ok {
		return ctx // part of one
	}
	return logging(ctx, p.Log.With("source", SealSource, "run", ulid.Make().String()))
}
