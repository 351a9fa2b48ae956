package metrics

import (
	"sync"
	"time"
)

// believed is something that is read again when somebody asks and it is old: after some
// seconds, and not before a hundred times as long as the reading took. However much the
// store holds, and however often somebody asks, reading costs a hundredth of one core.
// An error is believed for a minute at most: it alarms, and must be over when it is.
type believed[T any] struct {
	mu    sync.Mutex
	until time.Time
	value T
	err   error
}

const (
	freshFor = 5 * time.Second
	costs    = 100
	errorFor = time.Minute
)

func (b *believed[T]) get(now time.Time, read func() (T, error)) (T, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.until) && b.until.Sub(now) < time.Hour { // else the clock was put back
		return b.value, b.err
	}
	began := time.Now()
	b.value, b.err = read()
	most := time.Hour / 2
	if b.err != nil {
		most = errorFor
	}
	b.until = now.Add(max(freshFor, min(costs*time.Since(began), most)))
	return b.value, b.err
}
