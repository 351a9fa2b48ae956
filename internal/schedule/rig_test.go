package schedule

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
)

// All tests run in a bubble of testing/synctest: time stands still while anything
// works and jumps when all wait, so that days take no time and every moment is exact.

// memory is a Memory that a test may look into and hook.
type memory struct {
	mu     sync.Mutex
	at     map[string]time.Time
	paused map[string]time.Time
	broken error // what every call gives, when it is set
}

func (m *memory) Due(_ context.Context, id string) (time.Time, error) {
	return m.due(id), m.broken
}

func (m *memory) due(id string) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at[id]
}

func (m *memory) SetDue(_ context.Context, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at[id] = at
	return m.broken
}

func (m *memory) Paused(_ context.Context, id string) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.paused[id], m.broken
}

func (m *memory) SetPaused(_ context.Context, id string, since time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken == nil {
		m.paused[id] = since
	}
	return m.broken
}

// jumpy is a wall clock that somebody sets.
type jumpy struct {
	Wall
	mu  sync.Mutex
	off time.Duration
}

func (j *jumpy) Now() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.Wall.Now().Add(j.off)
}

func (j *jumpy) jump(d time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.off += d
}

// counter is a task's work: it notes when it was called and how many calls
// overlapped.
type counter struct {
	mu          sync.Mutex
	starts      []time.Time
	now, atOnce int
	work        func(ctx context.Context) error // may be nil
}

func (c *counter) do(ctx context.Context) error {
	c.mu.Lock()
	c.starts = append(c.starts, time.Now())
	c.now++
	c.atOnce = max(c.atOnce, c.now)
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.now--
	}()
	if c.work == nil {
		return nil
	}
	return c.work(ctx)
}

func (c *counter) runs() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.starts)
}

// lasts is work of some length that ends with its context.
func lasts(d time.Duration) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		Wall{}.Sleep(ctx, d)
		return ctx.Err()
	}
}

func every(t *testing.T, spec string) cron.Schedule {
	t.Helper()
	c, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func remembering() *memory {
	return &memory{at: map[string]time.Time{}, paused: map[string]time.Time{}}
}

func scheduler(m *memory, tasks ...Task) *Scheduler {
	return &Scheduler{Tasks: tasks, Memory: m, Clock: Wall{}, AtOnce: 10, Look: time.Second, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// start runs s and returns what ends it and gives its error.
func start(t *testing.T, s *Scheduler) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	return func() error {
		cancel()
		return <-done
	}
}

// pass lets d go by and everything that falls due settle.
func pass(d time.Duration) {
	Wall{}.Sleep(context.Background(), d)
	synctest.Wait()
}
