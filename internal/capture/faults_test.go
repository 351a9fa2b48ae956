package capture

import (
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"attache/internal/warc"
)

// disk is a file whose disk can be full or broken.
type disk struct {
	*os.File
	room          int // bytes until it is full; negative for endless
	noCut, noSync error
}

var (
	errFull = errors.New("no space left on device")
	errDisk = errors.New("input/output error")
)

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	if d.room < 0 || len(p) <= d.room {
		return d.File.WriteAt(p, at)
	}
	n, err := d.File.WriteAt(p[:d.room], at)
	return n, errors.Join(err, errFull)
}

func (d *disk) Truncate(size int64) error {
	if d.noCut != nil {
		return d.noCut
	}
	return d.File.Truncate(size)
}

func (d *disk) Sync() error {
	if d.noSync != nil {
		return d.noSync
	}
	return d.File.Sync()
}

// onDisk makes the store write to a disk that the test may break.
func onDisk(t *testing.T, s *Store) *disk {
	t.Helper()
	d := &disk{room: -1}
	s.create = func(path string) (file, error) {
		f, err := create(path)
		if err != nil {
			return nil, err
		}
		d.File, _ = f.(*os.File)
		return d, nil
	}
	return d
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*disk){
		"cut back":       func(*disk) {},
		"cut back later": func(d *disk) { d.noCut = errDisk },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := store(t)
			d := onDisk(t, s)
			first := record(t, s, "vtcnews", 1)
			noise := page(2)
			noise.Body = make([]byte, 20_000) // of which more is left behind than the next capture covers
			_, _ = rand.Read(noise.Body)
			d.room = 10_000
			breaks(d)
			for range 2 {
				if ref, err := s.Record("vtcnews", noise); err == nil {
					t.Errorf("written to a full disk: %v", ref)
				}
			}
			d.room, d.noCut = -1, nil
			third := record(t, s, "vtcnews", 3)
			if third.Segment != first.Segment {
				t.Errorf("%v, %v", first, third)
			}
			if err := s.Rotate(); err != nil {
				t.Fatal(err)
			}
			closedNow(t, s) // reads it whole
			holds(t, s, first, 1)
			holds(t, s, third, 3)
		})
	}
}

// TestFullFromTheStart leaves no trace of a segment that could not begin, nor one
// of a segment without a capture.
func TestFullFromTheStart(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 20, 500} {
		s, clock := store(t)
		d := onDisk(t, s)
		d.room = room
		if _, err := s.Record("vtcnews", page(1)); !errors.Is(err, errFull) {
			t.Errorf("%d bytes of room: %v", room, err)
		}
		d.room = -1
		clock.pass(time.Hour)
		ref := record(t, s, "vtcnews", 2)
		if err := s.Rotate(); err != nil {
			t.Fatal(err)
		}
		if got := closedNow(t, s); len(got) != 1 || got[0].Key != ref.Segment {
			t.Errorf("%d bytes of room: closed %v", room, got)
		}
	}
}

// TestUnsafeIsSaid: after a failed fsync nobody knows what is on disk, and a later
// one that succeeds proves nothing.
func TestUnsafeIsSaid(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(s *Store) error{
		"by Sync":   func(s *Store) error { return s.Sync("vtcnews") },
		"by Rotate": (*Store).Rotate,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := store(t)
			d := onDisk(t, s)
			ref := record(t, s, "vtcnews", 1)
			d.noSync = errDisk
			if err := fail(s); !errors.Is(err, errDisk) {
				t.Errorf("said to be safe: %v", err)
			}
			d.noSync = nil
			if err := s.Sync("vtcnews"); !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "start attache again") {
				t.Errorf("forgotten: %v", err)
			}
			if _, err := s.Record("vtcnews", page(2)); !errors.Is(err, errDisk) {
				t.Errorf("went on: %v", err)
			}
			record(t, s, "qdnd", 3) // has a segment of its own
			if err := s.Rotate(); !errors.Is(err, errDisk) {
				t.Errorf("forgotten by Rotate: %v", err)
			}
			if got, _ := s.Closed(); len(got) != 1 || !strings.Contains(got[0].Key, "qdnd") {
				t.Errorf("to be landed: %v", got)
			}
			if err := s.lock.Unlock(); err != nil {
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
		})
	}
}

func TestExchangeWithoutAddress(t *testing.T) {
	t.Parallel()
	s, _ := store(t)
	if _, err := s.Record("vtcnews", warc.Exchange{}); err == nil || !strings.Contains(err.Error(), "cannot be recorded") {
		t.Error(err)
	}
	if err := errors.Join(s.Sync("vtcnews"), s.Rotate()); err != nil {
		t.Error(err)
	}
}
