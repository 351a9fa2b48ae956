// Package runlog keeps what a run says with the run, beside what goes to standard
// error: after weeks an operator can still read why it failed.
package runlog

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// Limits of one run's log. What is over is counted, not kept: a run that fails in
// the same way a million times must not fill the store.
const (
	MaxLines = 2000
	MaxLine  = 8 << 10 // bytes
	batch    = 64      // lines are kept in so many at once
)

// Keep stores lines, the first of which is number from.
type Keep func(ctx context.Context, from int, lines []string) error

// Log is a [slog.Handler] that hands everything on and keeps what is at least
// info, one JSON object a line. A warning is kept at once, with all before it; the
// rest when there are some, and at the end. Safe for concurrent use.
type Log struct {
	next slog.Handler
	json slog.Handler // writes into book
	book *book
}

// book is what all handlers of one run share.
type book struct {
	mu     sync.Mutex
	line   bytes.Buffer
	lines  []string // to be kept
	kept   int
	missed int
	keep   Keep
	err    error // of the first keeping that failed
}

// New begins a run's log.
func New(next slog.Handler, keep Keep) *Log {
	b := &book{keep: keep}
	return &Log{next: next, json: slog.NewJSONHandler(&b.line, nil), book: b}
}

// Enabled implements [slog.Handler].
func (l *Log) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || l.next.Enabled(ctx, level)
}

// Handle implements [slog.Handler]. Its error is the next handler's; that of
// keeping is Close's.
func (l *Log) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelInfo {
		l.book.add(ctx, l.json, r)
	}
	if !l.next.Enabled(ctx, r.Level) {
		return nil
	}
	return l.next.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Log{l.next.WithAttrs(attrs), l.json.WithAttrs(attrs), l.book}
}

// WithGroup implements [slog.Handler].
func (l *Log) WithGroup(name string) slog.Handler {
	return &Log{l.next.WithGroup(name), l.json.WithGroup(name), l.book}
}

// Close keeps what is left. It gives the first error there was in keeping; what
// came after it went to the next handler only.
func (l *Log) Close(ctx context.Context) error {
	b := l.book
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.missed > 0 {
		b.lines = append(b.lines, fmt.Sprintf(`{"level":"WARN","msg":"%d more lines were not kept"}`, b.missed))
		b.missed = 0
	}
	b.flush(ctx)
	return b.err
}

func (b *book) add(ctx context.Context, to slog.Handler, r slog.Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept+len(b.lines) >= MaxLines {
		b.missed++
		return
	}
	b.line.Reset()
	if err := to.Handle(ctx, r); err != nil {
		b.err = err
		return
	}
	line := bytes.TrimSpace(b.line.Bytes())
	if len(line) > MaxLine {
		b.missed++
		return
	}
	b.lines = append(b.lines, string(line))
	if r.Level >= slog.LevelWarn || len(b.lines) >= batch {
		b.flush(ctx)
	}
}

// flush keeps the lines also for a run that was told to stop: the reason is among them.
func (b *book) flush(ctx context.Context) {
	if len(b.lines) == 0 || b.err != nil {
		return
	}
	b.err = b.keep(context.WithoutCancel(ctx), b.kept, b.lines)
	b.kept += len(b.lines)
	b.lines = nil
}
