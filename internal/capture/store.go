// Package capture keeps on disk what publishers sent, in WARC segments, until
// they have landed in the bucket.
package capture

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"attache/internal/warc"
)

// Options of a store. Zero values stand for the defaults.
type Options struct {
	SegmentBytes int64            // a segment is closed when it has grown to this; default 64 MiB
	SegmentAge   time.Duration    // or when it is this old; default 1 h
	Now          func() time.Time // default time.Now
	Producer     string           // the program, for the head of each segment
}

// Store appends captures to one open segment a source. It is safe for concurrent
// use, by one process at a time.
type Store struct {
	dir    string
	o      Options
	lock   *flock.Flock
	create func(path string) (file, error)

	mu      sync.Mutex // guards shelves, and the folders that segments are created in
	shelves map[string]*shelf
}

// shelf is where the captures of one source go.
type shelf struct {
	mu   sync.Mutex
	open *segment // nil for none
	// lost is why a segment could not be made safe. What it held may be gone, so
	// the source stands still until the store is opened anew and has seen what is left.
	lost error
}

// Open makes dir fit for use. Segments that were open when the last process ended
// are cut at their last whole record and closed.
func Open(dir string, o Options) (*Store, error) {
	o.SegmentBytes = cmp.Or(o.SegmentBytes, 64<<20)
	o.SegmentAge = cmp.Or(o.SegmentAge, time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	s := &Store{dir: dir, o: o, lock: flock.New(filepath.Join(dir, ".lock")), create: create, shelves: make(map[string]*shelf)}
	switch mine, err := s.lock.TryLock(); {
	case err != nil:
		return nil, err
	case !mine:
		return nil, fmt.Errorf("the captures in %s are in use by another attache; stop it first", dir)
	}
	if err := s.recover(); err != nil {
		return nil, errors.Join(err, s.lock.Unlock())
	}
	return s, nil
}

// Close closes all segments and lets another process have the folder.
func (s *Store) Close() error { return errors.Join(s.Rotate(), s.lock.Unlock()) }

var plainID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`) // no path leads out of the folder

func (s *Store) shelf(source string) (*shelf, error) {
	if !plainID.MatchString(source) {
		return nil, fmt.Errorf("captures cannot be filed under %q: not the id of a source", source)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sh, ok := s.shelves[source]
	if !ok {
		sh = new(shelf)
		s.shelves[source] = sh
	}
	return sh, nil
}

// buffers hold an exchange as it is written, many times the size of most.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Record appends e to the source's segment and says where its response is. It is
// on disk once [Store.Sync] has returned. An exchange that cannot be written leaves
// no trace, and does not keep others from being written.
func (s *Store) Record(source string, e warc.Exchange) (warc.Ref, error) {
	sh, err := s.shelf(source)
	if err != nil {
		return warc.Ref{}, err
	}
	buffer, _ := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	packed, err := warc.AppendExchange((*buffer)[:0], e)
	if err != nil {
		return warc.Ref{}, err
	}
	*buffer = packed

	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.open != nil && s.due(sh.open) {
		sh.shut()
	}
	if sh.lost != nil {
		return warc.Ref{}, sh.lost
	}
	if sh.open == nil {
		if sh.open, err = s.begin(source); err != nil {
			return warc.Ref{}, fmt.Errorf("begin a segment of captures: %w", err)
		}
	}
	at, err := sh.open.append(packed)
	if err != nil {
		return warc.Ref{}, fmt.Errorf("write a capture: %w", err)
	}
	return warc.Ref{Segment: sh.open.key, Offset: at}, nil
}

// Sync returns when what was recorded for the source will outlast a power cut.
func (s *Store) Sync(source string) error {
	sh, err := s.shelf(source)
	if err != nil {
		return err
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.lost == nil && sh.open != nil {
		if err := sh.open.sync(); err != nil {
			sh.lose(errors.Join(err, sh.open.file.Close()))
		}
	}
	return sh.lost
}

// Rotate closes all open segments.
func (s *Store) Rotate() error { return s.shut(func(*segment) bool { return true }) }

func (s *Store) shut(which func(*segment) bool) error {
	s.mu.Lock()
	shelves := make([]*shelf, 0, len(s.shelves))
	for _, sh := range s.shelves {
		shelves = append(shelves, sh)
	}
	s.mu.Unlock()
	var errs []error
	for _, sh := range shelves {
		sh.mu.Lock()
		if sh.open != nil && which(sh.open) {
			sh.shut()
		}
		errs = append(errs, sh.lost)
		sh.mu.Unlock()
	}
	return errors.Join(errs...)
}

// shut closes the open segment.
func (sh *shelf) shut() {
	err := sh.open.shut()
	sh.open = nil
	if err != nil {
		sh.lose(err)
	}
}

func (sh *shelf) lose(err error) {
	sh.open = nil
	sh.lost = fmt.Errorf("captures could not be made safe; look at the disk and start attache again: %w", err)
}

// due says that a segment has grown, or lived, long enough.
func (s *Store) due(g *segment) bool {
	now := s.o.Now().UTC()
	return g.size >= s.o.SegmentBytes || now.Sub(g.opened) >= s.o.SegmentAge || day(now) != day(g.opened)
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
