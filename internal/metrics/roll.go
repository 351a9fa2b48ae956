package metrics

import (
	"slices"
	"sync"
	"time"

	"attache/seeds"
)

// roll knows since when sources are at work that were not when the process began: new
// ones, and those that were paused. What was not owed then is not late now.
type roll struct {
	mu     sync.Mutex
	begun  bool
	joined map[string]time.Time // zero: from the beginning
}

// since is when the source was first seen at work; zero when it was from the beginning.
func (r *roll) since(source string, now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.joined[source]
	if !ok {
		if r.joined == nil {
			r.joined = map[string]time.Time{}
		}
		if r.begun {
			at = now
		}
		r.joined[source] = at
	}
	return at
}

func (r *roll) leave(source string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.joined, source)
}

// called ends a look at all sources there are.
func (r *roll) called(sources []*seeds.Source) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun = true
	for source := range r.joined {
		if !slices.ContainsFunc(sources, func(s *seeds.Source) bool { return s.ID == source }) {
			delete(r.joined, source)
		}
	}
}
