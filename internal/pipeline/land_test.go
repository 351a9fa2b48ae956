package pipeline

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/internal/article"
	"attache/internal/store"
	"attache/sinks"
)

func TestS3InTroubleLosesNothing(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]struct {
		spoil func(t *testing.T, s *sinks.Settings)
		want  error
		later time.Duration // until the next landing; a clock may also have been put back
	}{
		"unreachable": {func(t *testing.T, s *sinks.Settings) { t.Helper(); s.Endpoint = "http://" + nowhere(t) }, sinks.ErrUnreachable, pause},
		"wrong key": {func(_ *testing.T, s *sinks.Settings) {
			s.Credentials = credentials.NewStaticCredentialsProvider("nobody", "nothing", "")
		}, sinks.ErrDenied, pause},
		"no bucket": {func(_ *testing.T, s *sinks.Settings) { s.Bucket = "nowhere" }, sinks.ErrNoBucket, -48 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			good := settings()
			bad := good
			trouble.spoil(t, &bad)
			r := newRig(t, bucket(t, bad))
			var want []string
			for n, id := range []string{"vtcnews", "qk7"} {
				src := source(t, id)
				report, err := r.Run(t.Context(), src)
				var unlanded *Unlanded
				if !errors.As(err, &unlanded) || !errors.Is(err, trouble.want) || unlanded.Batches < 1 {
					t.Fatalf("run %d: %v", n+1, err)
				}
				if report.Outcomes["stored"] != len(wanted(src)) || report.Error != "" {
					t.Errorf("run %d read nothing for it: %+v", n+1, report)
				}
				want = append(want, wanted(src)...)
			}
			slices.Sort(want)
			if got := r.spool(t); len(got) != 2 {
				t.Errorf("in the spool wait %q", got)
			}
			r.Bucket = made(t, good)
			r.clock.step(trouble.later)
			r.run(t, "vtcnews")
			same(t, "landed when S3 is back", live(t, r.Bucket, today), want)
			if got := r.spool(t); len(got) != 0 {
				t.Errorf("in the spool are left %q", got)
			}
			must(t, r.Land(t.Context()))
			same(t, "landed once more", live(t, r.Bucket, today), want)
		})
	}
}

// frozen reads sources into the spool of a pipeline whose bucket cannot be had,
// and then gives it a good one.
func frozen(t *testing.T, ids ...string) (r *rig, want []string) {
	t.Helper()
	good := settings()
	r = newRig(t, through(t, good, func(*http.Request) bool { return true }))
	for _, id := range ids {
		src := source(t, id)
		if _, err := r.Run(t.Context(), src); !errors.Is(err, sinks.ErrDenied) {
			t.Fatal(err)
		}
		want = append(want, wanted(src)...)
	}
	r.Bucket = made(t, good)
	r.clock.step(pause)
	slices.Sort(want)
	return r, want
}

func TestALostAnswerLandsNothingTwice(t *testing.T) {
	t.Parallel()
	r, want := frozen(t, "vtcnews", "qk7")
	deaf := true
	r.Store = hooked{Store: r.store, before: func(op, _ string) error {
		if op == "Landed" && deaf {
			return errors.New("the process dies here")
		}
		return nil
	}}
	if r.Land(t.Context()) == nil {
		t.Fatal("it did not die")
	}
	if got := r.spool(t); len(got) != 2 {
		t.Errorf("in the spool are left %q; what is not noted as landed must stay", got)
	}
	deaf = false
	r.clock.step(pause)
	must(t, r.Land(t.Context()))
	same(t, "landed", live(t, r.Bucket, today), want)
}

func TestACallerThatGivesUpDoesNotDelayTheOthers(t *testing.T) {
	t.Parallel()
	r, want := frozen(t, "vtcnews")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Land(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a landing that was called off: %v", err)
	}
	must(t, r.Land(t.Context()))
	same(t, "landed", live(t, r.Bucket, today), want)
}

func TestSpoolFilesAreMadeAgain(t *testing.T) {
	t.Parallel()
	r, want := frozen(t, "vtcnews", "qk7")
	files := r.spool(t)
	must(t, os.Remove(filepath.Join(r.Spool, files[0])))
	must(t, os.Truncate(filepath.Join(r.Spool, files[1]), 100))
	must(t, r.Land(t.Context()))
	same(t, "landed", live(t, r.Bucket, today), want)
	if got := r.spool(t); len(got) != 0 {
		t.Errorf("in the spool are left %q", got)
	}
}

// altered is a store whose first batch was frozen by another version: its rows
// pack into other bytes now.
type altered struct{ Store }

func (a altered) Frozen(ctx context.Context) ([]store.Batch, error) {
	batches, err := a.Store.Frozen(ctx)
	if len(batches) > 1 {
		batches[0].SHA256 = strings.Repeat("ab", 32)
	}
	return batches, err
}

func TestABatchThatCannotBeMadeAgainHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	r, _ := frozen(t, "vtcnews", "qk7")
	batches, err := r.store.Frozen(t.Context())
	must(t, err)
	must(t, os.Remove(filepath.Join(r.Spool, batches[0].Path)))
	r.Store = altered{r.store}
	var unlanded *Unlanded
	if err := r.Land(t.Context()); !errors.As(err, &unlanded) || unlanded.Batches != 1 || !strings.Contains(err.Error(), "put the file back") {
		t.Errorf("Land: %v", err)
	}
	same(t, "landed beside it", live(t, r.Bucket, today), wanted(source(t, "qk7")))
}

func TestSweepKeepsWhatIsNamed(t *testing.T) {
	t.Parallel()
	r, want := frozen(t, "vtcnews")
	kept, good := r.spool(t), r.Bucket
	r.Bucket = through(t, settings(), func(*http.Request) bool { return true })
	// What a process leaves that is killed before the store names its file.
	r.Store = hooked{Store: r.store, after: func(op, _ string) error {
		if op == "write" {
			return errors.New("the process dies here")
		}
		return nil
	}}
	if _, err := r.Run(t.Context(), source(t, "qk7")); err == nil {
		t.Fatal("it did not die")
	}
	r.Store, r.Bucket = r.store, good
	if got := r.spool(t); len(got) != len(kept)+1 {
		t.Fatalf("nothing was orphaned: %q", got)
	}
	for _, name := range []string{"live-2026-11-20-x.jsonl.gz.tmp", "drop-2026-11-20-r0.jsonl.gz", "notes.txt"} {
		must(t, os.WriteFile(filepath.Join(r.Spool, name), []byte("x"), 0o600))
	}
	must(t, r.Sweep(t.Context()))
	if got := r.spool(t); !slices.Equal(got, append(slices.Clone(kept), "notes.txt")) {
		t.Errorf("swept to %q, want %q and notes.txt", got, kept)
	}
	r.clock.step(pause)
	r.run(t, "qk7") // its rows were never frozen, and land now
	want = append(want, wanted(source(t, "qk7"))...)
	slices.Sort(want)
	same(t, "landed", live(t, r.Bucket, today), want)
}

// TestS3IsDownForADay: work goes on over midnight, and everything lands in order
// when S3 is back, also the drop of the day that was over meanwhile.
func TestS3IsDownForADay(t *testing.T) {
	t.Parallel()
	s := settings()
	made(t, s)
	var down atomic.Bool
	var mu sync.Mutex
	var order []string
	r := newRig(t, through(t, s, func(q *http.Request) bool {
		if !down.Load() && q.Method == http.MethodPut && strings.Contains(q.URL.Path, "/v1/live/") {
			mu.Lock()
			defer mu.Unlock()
			_, key, _ := strings.Cut(q.URL.Path, "/v1/live/")
			order = append(order, "v1/live/"+key)
		}
		return down.Load()
	}))
	down.Store(true)
	ids := []string{"vtcnews", "vnanet", "qk7", "vietnamplus-en", "vietnamplus-zh", "baotintuc"}
	for _, id := range ids {
		report, err := r.Run(t.Context(), source(t, id))
		if unlanded, ok := errors.AsType[*Unlanded](err); !ok || unlanded.Batches == 0 {
			t.Fatalf("%s: %v", id, err)
		}
		if report.Outcomes[article.Stored] != len(wanted(source(t, id))) {
			t.Errorf("%s: the crawl did not go on: %+v", id, report)
		}
		r.clock.step(4 * time.Hour)
	}
	frozen, err := r.store.Frozen(t.Context())
	must(t, err)
	if _, err := r.Seal(t.Context(), r.DropDate(r.clock.now())); err == nil {
		t.Error("a day was sealed without S3")
	}
	down.Store(false)
	must(t, r.Land(t.Context()))
	var want []string
	for _, b := range frozen {
		want = append(want, b.Key)
	}
	if !slices.Equal(order, want) {
		t.Errorf("landed in the order %q, frozen in %q", order, want)
	}
	drops, err := r.Seal(t.Context(), r.DropDate(r.clock.now()))
	must(t, err)
	if len(drops) != 1 || drops[0].DropDate != today || len(r.spool(t)) != 0 {
		t.Errorf("sealed %+v, in the spool %q", drops, r.spool(t))
	}
}
