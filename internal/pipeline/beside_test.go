package pipeline

import (
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"attache/internal/capture"
	"attache/internal/store"
	"attache/sinks"
)

// TestBeside: each field is either what both share, or the caller's to set. Who adds one
// decides here.
func TestBeside(t *testing.T) {
	t.Parallel()
	settings := []string{"Transport", "Topic", "Sources", "Room", "MaxPage", "Attempts", "Revisits", "Longest", "KeepLive", "own", "elder"}
	p := &Pipeline{
		Store: &store.Store{}, Bucket: &sinks.Bucket{}, Embedded: true, Spool: "spool", Settle: func() error { return nil }, Ahead: new(sinks.Bucket).Ahead,
		Captures: &capture.Store{}, Traffic: &Counter{}, Zone: time.UTC, Producer: "attache", Log: slog.Default(), Now: time.Now, Watch: func(Report) {}, WatchSeal: func(Sealing) {},
	}
	for _, next := range []*Pipeline{p.Beside(), p.Beside().Beside()} {
		was, is := reflect.ValueOf(p).Elem(), reflect.ValueOf(next).Elem()
		for i := range was.NumField() {
			name := was.Type().Field(i).Name
			switch shared := !slices.Contains(settings, name); {
			case shared && was.Field(i).IsZero():
				t.Errorf("%s is new: share it in Beside, or name it a setting", name)
			case shared && is.Field(i).IsZero():
				t.Errorf("%s is not shared", name)
			case !shared && name != "elder" && !is.Field(i).IsZero():
				t.Errorf("%s is the caller's to set", name)
			}
		}
		if next.turns() != p.turns() || next.Store != p.Store || next.Bucket != p.Bucket {
			t.Error("they would land at the same time, or elsewhere")
		}
	}
}
