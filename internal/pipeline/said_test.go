package pipeline

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
)

// TestWhatIsSharedNamesWhatItBelongsTo: landing and sealing are one code for all runs,
// and each line they log says whose it is.
func TestWhatIsSharedNamesWhatItBelongsTo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &Pipeline{Log: slog.New(slog.NewJSONHandler(&out, nil))}
	type line struct{ Source, Run string }
	said := func() (l line) {
		t.Helper()
		if err := json.Unmarshal(out.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		return l
	}
	p.log(t.Context()).Info("the daemon's own")
	if l := said(); l != (line{}) {
		t.Errorf("%+v", l)
	}
	ctx := p.sealLogging(t.Context())
	p.log(ctx).Info("sealing")
	first := said()
	if first.Source != SealSource || len(first.Run) != 26 {
		t.Errorf("%+v", first)
	}
	p.log(p.sealLogging(ctx)).Info("sealing as part of a takedown")
	if again := said(); again != first {
		t.Errorf("%+v, and then %+v", first, again)
	}
	p.log(logging(ctx, p.Log.With("source", "vtcnews", "run", "R"))).Info("landing in a run")
	if l := said(); l != (line{"vtcnews", "R"}) {
		t.Errorf("%+v", l)
	}
}
