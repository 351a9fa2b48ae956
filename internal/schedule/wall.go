package schedule

import (
	"context"
	"time"
)

// Wall is the real clock.
type Wall struct{}

// Now is the time of day, without the monotonic reading: a suspended machine's
// clock stands still, the wall's does not.
func (Wall) Now() time.Time { return time.Now().Round(0) }

// Sleep waits on a timer.
func (Wall) Sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
