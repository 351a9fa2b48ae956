package sinks

import (
	"fmt"
	"time"
)

// past is what the drops read before have of each article: about 60 bytes an article.
type past struct {
	drops    []string // dates; the last one is being read
	articles map[[16]byte]reach
	schemas  map[string]bool // versions whose schema was looked at
	named    map[string]bool // versions that manifests name
	segments map[string]reference

	oldest    string // drop there is
	manifests []sealed
	links     map[string]Link // to manifests, by key
}

// sealed is what is kept of a manifest that was read.
type sealed struct {
	Link
	at       time.Time
	begins   bool
	previous *Link
	revised  []Link
}

// reference is the furthest that rows point into a segment of captures.
type reference struct {
	offset        int64
	drop, article string
}

// refer notes where the page of a row is kept: as many bytes as its key has, for each
// segment.
func (p *past) refer(r head) {
	if r.segment == "" {
		return
	}
	if was, ok := p.segments[r.segment]; !ok || was.offset < r.offset {
		p.segments[r.segment] = reference{r.offset, p.drops[len(p.drops)-1], r.id}
	}
}

// reach is how far an article's revisions go: in the drops before the one it was
// seen in last, and in that one, which is a number of past.drops, from 1.
type reach struct{ before, beforeIn, now, nowIn int32 }

// ascends says what is wrong with a revision that is not above those of the drops
// before. Within a drop they come in the order of publication.
func (p *past) ascends(key revision, r head) (Kind, string) {
	in := int32(len(p.drops))
	at := p.articles[key.article]
	if at.nowIn != in {
		if at.now > at.before {
			at.before, at.beforeIn = at.now, at.nowIn
		}
		at.now, at.nowIn = 0, in
	}
	number := int32(min(r.revision, 1<<31-1))
	at.now = max(at.now, number)
	p.articles[key.article] = at
	switch {
	case number == at.before:
		return Duplicate, fmt.Sprintf("is in the drop of %s already", p.drops[at.beforeIn-1])
	case number < at.before:
		return Duplicate, fmt.Sprintf("comes after revision %d, which is in the drop of %s", at.before, p.drops[at.beforeIn-1])
	}
	return "", ""
}
