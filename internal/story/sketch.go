// Package story tells whether two articles are one text, or versions of one
// story. It compares sketches: some two kilobytes that stand for a text of any
// length. What it finds, how well, and what it cannot find: docs/STORIES.md.
package story

import (
	"math/bits"

	"attache/internal/article"
)

// How much is kept of a text. Texts of up to keptShingles words are compared
// exactly.
const (
	keptShingles = 512
	keptFacts    = 64
	keys         = 24
)

// Words, or characters of scripts without spaces, in a row that make a shingle.
const (
	wordsInShingle = 4
	charsInShingle = 5
)

// Sketch stands for a text. The same text gives the same sketch on every
// machine. The zero value stands for no text and is like nothing.
type Sketch struct {
	whole                     uint64 // hash of all words in order
	words                     uint32
	shingles                  sample // words in a row
	numbers, names, countries sample
}

// Of sketches the lede, the body and the countries of r, which the topic
// decision must have named before. The headline does not count: two papers that
// print one agency text write their own. The cost is linear, the sketch small
// whatever the length.
func Of(r *article.Record) Sketch {
	var (
		s                         = Sketch{whole: offset64}
		shingles                  = collect(keptShingles)
		numbers, names, countries = collect(keptFacts), collect(keptFacts), collect(keptFacts)
		last                      [charsInShingle]uint64 // newest first
	)
	each := func(w word) {
		s.words++
		s.whole = mix(s.whole, w.hash)
		copy(last[1:], last[:])
		last[0] = w.hash
		size := wordsInShingle
		if w.alone {
			size = charsInShingle
		}
		if int(s.words) >= size {
			shingles.add(join(last[:size]))
		}
		switch {
		case w.aside:
		case w.number:
			numbers.add(join(last[:1]))
		case w.name:
			names.add(join(last[:1]))
		}
	}
	if r.Lede != nil {
		read(*r.Lede, each)
	}
	read(r.BodyText, each)
	each = func(w word) { countries.add(join([]uint64{w.hash})) }
	for _, c := range r.Countries {
		read(c, each)
	}
	s.shingles, s.numbers, s.names, s.countries = shingles.done(), numbers.done(), names.done(), countries.done()
	return s
}

// join is one evenly spread hash of several (the finish is MurmurHash3's).
func join(hashes []uint64) uint32 {
	h := uint64(len(hashes))
	for _, x := range hashes {
		h = mix(h, x)
	}
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return uint32(h >> 32)
}

func mix(h, x uint64) uint64 { return (bits.RotateLeft64(h, 27) ^ x) * 0x9E3779B97F4A7C15 }

// Keys are what to look a text up by: two sketches worth comparing have at
// least two in common. There are 24 at most, fewer for a text of few words.
// They are below 2³², so that SQLite and database/sql take them as they are.
func (s Sketch) Keys() []int64 {
	list := make([]int64, min(keys, len(s.shingles.hashes)))
	for i := range list {
		list[i] = int64(s.shingles.hashes[i])
	}
	return list
}
