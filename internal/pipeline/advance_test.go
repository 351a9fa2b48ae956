package pipeline

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"attache/sinks"
)

// TestAClockThatRanAheadClosesNoDay: S3's knows better, if it can be asked.
func TestAClockThatRanAheadClosesNoDay(t *testing.T) {
	t.Parallel()
	const tenDays = 10 * 24 * time.Hour
	for name, c := range map[string]struct {
		ahead time.Duration
		dated bool
		err   error
		moves bool
	}{
		"ten days ahead":             {-tenDays, true, nil, false},
		"too far ahead to be served": {0, false, fmt.Errorf("s3: %w", sinks.ErrClock), false},
		"right":                      {-time.Second, true, nil, true},
		"behind":                     {time.Hour, true, nil, true},
		"S3 does not say":            {0, false, nil, true},
		"S3 is away":                 {0, false, fmt.Errorf("s3: %w", sinks.ErrUnreachable), true},
		"S3 refuses":                 {0, false, fmt.Errorf("s3: %w", sinks.ErrDenied), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, nil)
			asked := 0
			r.Ahead = func(context.Context) (time.Duration, bool, error) {
				asked++
				return c.ahead, c.dated, c.err
			}
			must(t, r.Advance(t.Context(), r.DropDate(r.Now()))) // the same day
			if asked > 0 {
				t.Error("S3 is asked though no day ends")
			}
			r.clock.step(tenDays)
			must(t, r.Advance(t.Context(), r.DropDate(r.Now())))
			open, err := r.store.OpenDate(t.Context())
			must(t, err)
			if want := map[bool]string{true: r.DropDate(r.Now()), false: today}[c.moves]; open != want {
				t.Errorf("the open day is %s, want %s", open, want)
			}
		})
	}
	if !errors.Is(sinks.ErrClock, sinks.ErrDenied) {
		t.Error("a wrong clock is not a denial")
	}
}

// TestASealThatIsTooEarlySaysSo: without an error it would not be tried again before the
// next day's, and with a clock that stays ahead each drop would come a day late.
func TestASealThatIsTooEarlySaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	ahead := -2 * time.Hour
	r.Ahead = func(context.Context) (time.Duration, bool, error) { return ahead, true, nil }
	for r.DropDate(r.Now()) == today {
		r.clock.step(time.Hour)
	}
	if sealed, err := r.Seal(t.Context(), r.DropDate(r.Now())); len(sealed) > 0 || !errors.Is(err, errEarly) {
		t.Errorf("sealed %d drops, %v", len(sealed), err)
	}
	r.clock.step(2 * time.Hour) // past S3's midnight, too
	if sealed, err := r.Seal(t.Context(), r.DropDate(r.Now())); len(sealed) != 1 || err != nil {
		t.Errorf("sealed %d drops, %v", len(sealed), err)
	}
}
