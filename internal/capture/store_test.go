package capture

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/warc"
)

var monday = time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC)

// clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func store(t *testing.T, changes ...func(*Options)) (*Store, *clock) {
	t.Helper()
	c := &clock{now: monday}
	o := Options{Now: c.Now, Producer: "attache/test"}
	for _, change := range changes {
		change(&o)
	}
	s, err := Open(t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.lock.Unlock(); err != nil {
			t.Error(err)
		}
	})
	return s, c
}

func page(n int) warc.Exchange {
	return warc.Exchange{
		URL: fmt.Sprintf("https://news.example.com/%d.html", n), At: monday, Method: "GET", Status: 200,
		Received: http.Header{"Content-Type": {"text/html"}}, Body: fmt.Appendf(nil, "<p>Bài %d: hai nước hợp tác", n),
	}
}

func record(t *testing.T, s *Store, source string, n int) warc.Ref {
	t.Helper()
	ref, err := s.Record(source, page(n))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func nowhere(key string, _ int64) (io.ReadCloser, error) {
	return nil, fmt.Errorf("%s is not in the bucket", key)
}

// holds fails unless page n is what ref points at.
func holds(t *testing.T, s *Store, ref warc.Ref, n int) {
	t.Helper()
	e, err := s.Read(ref, nowhere)
	if err != nil || !bytes.Equal(e.Body, page(n).Body) || e.URL != page(n).URL {
		t.Errorf("page %d: %q of %s, %v", n, e.Body, e.URL, err)
	}
}

// closedNow are the closed segments, each read to its end.
func closedNow(t *testing.T, s *Store) []Segment {
	t.Helper()
	all, err := s.Closed()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range all {
		data, err := os.ReadFile(g.Path)
		if err != nil || int64(len(data)) != g.Bytes {
			t.Fatalf("%s: %d bytes of %d, %v", g.Path, len(data), g.Bytes, err)
		}
		r := warc.NewReader(bytes.NewReader(data), maxBlock)
		for err == nil {
			_, err = r.Next()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", g.Key, err)
		}
	}
	return all
}

func TestSegments(t *testing.T) {
	t.Parallel()
	s, clock := store(t, func(o *Options) { o.SegmentBytes = 3000 })
	a := record(t, s, "vtcnews", 1)
	if want := "v1/raw/source=vtcnews/fetch_date=2026-11-23/20261123T223000Z-"; !strings.HasPrefix(a.Segment, want) || !strings.HasSuffix(a.Segment, ".warc.gz") {
		t.Errorf("%s, not %s…", a.Segment, want)
	}
	holds(t, s, a, 1)
	b := record(t, s, "vtcnews", 2)
	clock.pass(time.Second)
	other := record(t, s, "qdnd", 3)
	if a.Segment != b.Segment || b.Offset <= a.Offset || other.Segment == a.Segment {
		t.Errorf("%v, %v, %v", a, b, other)
	}
	if got := closedNow(t, s); len(got) != 0 {
		t.Errorf("closed too early: %v", got)
	}
	clock.pass(time.Hour) // age
	c := record(t, s, "vtcnews", 4)
	clock.pass(29*time.Minute + 59*time.Second) // midnight
	d := record(t, s, "vtcnews", 5)
	if !strings.Contains(d.Segment, "fetch_date=2026-11-24/") {
		t.Errorf("the next day went into %s", d.Segment)
	}
	last := d
	for n := 6; last.Segment == d.Segment; n++ { // size
		last = record(t, s, "vtcnews", n)
	}
	var keys []string
	for _, g := range closedNow(t, s) {
		keys = append(keys, g.Key)
	}
	// The clock closes what no record comes to, too.
	want := []string{a.Segment, other.Segment, c.Segment, d.Segment}
	if !slices.Equal(keys, want) {
		t.Errorf("closed are\n%s\nnot\n%s", strings.Join(keys, "\n"), strings.Join(want, "\n"))
	}
	for n, ref := range map[int]warc.Ref{1: a, 2: b, 3: other, 4: c, 5: d} {
		holds(t, s, ref, n)
	}
	if err := s.Rotate(); err != nil {
		t.Fatal(err)
	}
	if got := closedNow(t, s); len(got) != 5 {
		t.Errorf("%d closed after a rotation", len(got))
	}
}

func TestLandedSegmentsGo(t *testing.T) {
	t.Parallel()
	s, _ := store(t)
	ref := record(t, s, "vtcnews", 1)
	if err := s.Rotate(); err != nil {
		t.Fatal(err)
	}
	g := closedNow(t, s)[0]
	landed, err := os.ReadFile(g.Path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // twice is no mistake
		if err := s.Remove(g); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(s.dir); len(left) != 1 || left[0].Name() != ".lock" {
		t.Errorf("left behind: %v", left)
	}
	e, err := s.Read(ref, func(key string, offset int64) (io.ReadCloser, error) {
		if key != g.Key {
			t.Errorf("fetched %s", key)
		}
		return io.NopCloser(bytes.NewReader(landed[offset:])), nil
	})
	if err != nil || !bytes.Equal(e.Body, page(1).Body) {
		t.Errorf("%q, %v", e.Body, err)
	}
	if _, err := s.Read(ref, nowhere); err == nil || !strings.Contains(err.Error(), "not in the bucket") || !strings.Contains(err.Error(), g.Key) {
		t.Error(err)
	}
	record(t, s, "vtcnews", 2) // the folders come back
}

func TestNothingLeadsOut(t *testing.T) {
	t.Parallel()
	s, _ := store(t)
	for _, source := range []string{"", "..", "a/b", "A", "a b"} {
		if _, err := s.Record(source, page(1)); err == nil {
			t.Errorf("recorded under %q", source)
		}
		if err := s.Sync(source); err == nil {
			t.Errorf("synced %q", source)
		}
	}
	for _, key := range []string{"", "v1/raw/", "v1/raw/../../etc/passwd", "v1/raw/../a.warc.gz", "/etc/passwd", "v1/parquet/a.warc.gz", "v1/raw/.lock"} {
		if _, err := s.Read(warc.Ref{Segment: key}, nowhere); err == nil || !strings.Contains(err.Error(), "no segment") {
			t.Errorf("read %q: %v", key, err)
		}
		if err := s.Remove(Segment{Key: key, Path: filepath.Join(s.dir, ".lock")}); err == nil {
			t.Errorf("removed %q", key)
		}
	}
	ref := record(t, s, "vtcnews", 1)
	for _, offset := range []int64{-1, 0, 1, ref.Offset + 1, 1 << 40} {
		if _, err := s.Read(warc.Ref{Segment: ref.Segment, Offset: offset}, nowhere); err == nil {
			t.Errorf("read at %d", offset)
		}
	}
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	s, _ := store(t)
	ref := record(t, s, "vtcnews", 1)
	if _, err := Open(s.dir, Options{}); err == nil || !strings.Contains(err.Error(), "in use by another attache") {
		t.Errorf("opened twice: %v", err)
	}
	if e, err := Read(s.dir, ref, nowhere); err != nil || !bytes.Equal(e.Body, page(1).Body) {
		t.Errorf("beside it: %q, %v", e.Body, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, again, ref, 1)
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := store(t, func(o *Options) { o.SegmentBytes = 20_000 })
	refs := make([]warc.Ref, 400)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			source := fmt.Sprintf("source-%d", worker%2)
			for n := worker; n < len(refs); n += 8 {
				var err error
				if refs[n], err = s.Record(source, page(n)); err != nil {
					t.Error(err)
				}
				if n%40 == 0 {
					if _, err := s.Closed(); err != nil {
						t.Error(err)
					}
				}
				if err := s.Sync(source); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := s.Rotate(); err != nil {
		t.Fatal(err)
	}
	if got := closedNow(t, s); len(got) < 4 {
		t.Errorf("%d segments", len(got))
	}
	for n, ref := range refs {
		holds(t, s, ref, n)
	}
}

// TestWhatWasLeftOpen is recovered: whole records stay, a torn one goes.
func TestWhatWasLeftOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tear func(whole []byte, last int64) []byte
		kept int // of two pages; -1: the file goes
	}{
		"whole":             {func(b []byte, _ int64) []byte { return b }, 2},
		"torn":              {func(b []byte, _ int64) []byte { return b[:len(b)-3] }, 2}, // the last page's request
		"torn page":         {func(b []byte, last int64) []byte { return b[:last+20] }, 1},
		"zeros behind":      {func(b []byte, _ int64) []byte { return append(b, make([]byte, 5000)...) }, 2},
		"nothing":           {func([]byte, int64) []byte { return nil }, -1},
		"half of the head":  {func(b []byte, _ int64) []byte { return b[:30] }, -1},
		"a head, no answer": {func(b []byte, _ int64) []byte { return b[:head(t, b)] }, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := store(t)
			refs := []warc.Ref{record(t, s, "vtcnews", 0), record(t, s, "vtcnews", 1)}
			path := s.shelves["vtcnews"].open.path
			whole, err := os.ReadFile(path + ".open")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path+".open", c.tear(whole, refs[1].Offset), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := s.lock.Unlock(); err != nil { // as the end of the process does
				t.Fatal(err)
			}
			again, err := Open(s.dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for n := range c.kept {
				holds(t, again, refs[n], n)
			}
			for n := max(c.kept, 0); n < len(refs); n++ {
				if e, err := again.Read(refs[n], nowhere); err == nil {
					t.Errorf("page %d came back: %q", n, e.Body)
				}
			}
			if got := closedNow(t, again); (len(got) == 1) != (c.kept >= 0) {
				t.Errorf("closed: %v", got)
			}
			if _, err := os.Stat(path + ".open"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("still open: %v", err)
			}
			if err := again.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// head is the size of a segment's first record.
func head(t *testing.T, segment []byte) int64 {
	t.Helper()
	r := warc.NewReader(bytes.NewReader(segment), maxBlock)
	for range 2 {
		rec, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if rec.Offset > 0 {
			return rec.Offset
		}
	}
	return 0
}
