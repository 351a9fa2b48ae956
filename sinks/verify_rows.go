package sinks

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"time"
)

// rowChecker checks the rows of one drop, format after format, and remembers what
// must hold across its files: about 100 bytes a row.
type rowChecker struct {
	heads  *headReader
	seen   map[revision]mark // all rows so far
	first  string            // the format that was read first
	counts map[string]*count // by format
	past   *past             // the drops before; nil: not looked at
	down   map[string]bool   // articles taken down, as the manifest says: whether a row was seen
}

// revision is one revision of an article; the id is hashed.
type revision struct {
	article [16]byte
	number  int
}

// mark is where a revision was seen, and its first row, hashed.
type mark struct {
	hash   [16]byte
	format string
}

// count is what the rows of one format are.
type count struct {
	whole   bool // all files were read and every row is a record
	changes map[string]int64
	sources map[string]span
	left    map[string]int64           // rows by source whose article left the topic
	rules   map[string]map[string]bool // versions by source that rows were read with
}

// span is rows and the publication times they cover.
type span struct {
	rows           int64
	oldest, newest *time.Time
}

// readBy notes with which rules a row was read, if with any.
func (c *count) readBy(r head) {
	if c.rules[r.source] == nil {
		c.rules[r.source] = map[string]bool{}
	}
	if r.rules != "" {
		c.rules[r.source][r.rules] = true
	}
}

// add enters a row; its time is zero when it is not known.
func (s *span) add(at time.Time) {
	s.rows++
	switch {
	case at.IsZero():
	case s.oldest == nil:
		s.oldest, s.newest = new(at), new(at)
	case at.Before(*s.oldest):
		s.oldest = new(at)
	case at.After(*s.newest):
		s.newest = new(at)
	}
}

// fault is how often one kind of thing is wrong with a file, and the first case.
type fault struct {
	kind  Kind
	first string
	n     int
}

func (f fault) String() string {
	if f.n == 1 {
		return f.first
	}
	return fmt.Sprintf("%s (the first of %d)", f.first, f.n)
}

// begin counts another file of a format.
func (c *rowChecker) begin(format string) *count {
	if c.first == "" {
		c.first = format
	}
	if c.counts[format] == nil {
		c.counts[format] = &count{whole: true, changes: map[string]int64{}, sources: map[string]span{}, left: map[string]int64{}, rules: map[string]map[string]bool{}}
	}
	return c.counts[format]
}

// file checks the rows of one file. It reads at most one more than it should have;
// err is why it does not unpack.
func (c *rowChecker) file(rows iter.Seq2[[]byte, error], want ManifestFile) (found span, faults []fault, err error) {
	say := func(kind Kind, format string, args ...any) {
		for i := range faults {
			if faults[i].kind == kind {
				faults[i].n++
				return
			}
		}
		faults = append(faults, fault{kind, fmt.Sprintf("row %d: ", found.rows) + fmt.Sprintf(format, args...), 1})
	}
	sum := c.counts[want.Format]
	var last head
	for row, err := range rows {
		if err != nil {
			return found, faults, err
		}
		head, err := c.heads.read(row)
		hash := sha256.Sum256(row)
		if err == nil && !c.sound(head, hash) {
			if wrong := c.heads.wrong(head); wrong != "" {
				err = errors.New(wrong)
			}
		}
		found.add(head.published)
		if err != nil {
			say(BadRows, "%s", err)
			sum.whole = false
			if found.rows > want.Rows {
				break
			}
			continue
		}
		if found.rows > 1 && head.compare(last) < 0 {
			say(BadRows, "%s revision %d is not in order", head.id, head.revision)
		}
		last = head
		sum.changes[head.change]++
		source := sum.sources[head.source]
		source.add(head.published)
		sum.sources[head.source] = source
		sum.readBy(head)
		if head.left {
			sum.left[head.source]++
		}
		if wrong := c.tombstone(head); wrong != "" {
			say(BadRows, "%s revision %d %s", head.id, head.revision, wrong)
		}
		if c.past != nil {
			c.past.refer(head)
		}
		if kind, wrong := c.once(head, hash, want.Format); wrong != "" {
			say(kind, "%s revision %d %s", head.id, head.revision, wrong)
		}
		if found.rows > want.Rows {
			break
		}
	}
	return found, faults, nil
}

// tombstone says how a row and the manifest differ on whether it was taken down.
func (c *rowChecker) tombstone(r head) string {
	_, named := c.down[r.id]
	switch {
	case named && !r.down:
		return "is whole, though the manifest says it was taken down"
	case !named && r.down:
		return "was taken down, which the manifest does not say"
	case named:
		c.down[r.id] = true
	}
	return ""
}

func (r head) key() revision {
	id := sha256.Sum256([]byte(r.id))
	return revision{[16]byte(id[:16]), r.revision}
}

// sound reports whether just this row was found to be one already, in another format.
func (c *rowChecker) sound(r head, hash [32]byte) bool {
	was, there := c.seen[r.key()]
	return there && was.hash == [16]byte(hash[:16])
}

// once says what is wrong with a row among all others.
func (c *rowChecker) once(r head, hash [32]byte, format string) (Kind, string) {
	key := r.key()
	now := mark{[16]byte(hash[:16]), format}
	was, there := c.seen[key]
	c.seen[key] = mark{now.hash, format}
	switch {
	case there && was.format == format:
		return Duplicate, "is there twice"
	case there && was.hash != now.hash:
		return RowsDiffer, "is not the same in " + was.format
	case there:
		return "", ""
	case format != c.first && c.counts[c.first].whole:
		return RowsDiffer, "is not in " + c.first
	case c.past != nil:
		return c.past.ascends(key, r)
	}
	return "", ""
}
