package store

import (
	"slices"
	"testing"
)

func TestRetellingsEitherWay(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	keep := func(id, duplicateOf string, sameStory ...string) {
		t.Helper()
		i := item(t, s, "vtcnews", id)
		r := page(i, "They met: "+id)
		if duplicateOf != "" {
			duplicateOf = "vtcnews:" + duplicateOf
			r.DuplicateOf = &duplicateOf
		}
		for _, x := range sameStory {
			r.SameStory = append(r.SameStory, "vtcnews:"+x)
		}
		_, err := s.Keep(t.Context(), i, r, Telling{})
		must(t, err)
	}
	keep("ar1", "")
	keep("ar2", "ar1")
	keep("ar3", "ar1", "ar4")
	keep("ar4", "", "ar2")
	keep("ar5", "", "ar3")
	keep("ar6", "")
	for id, want := range map[string][]Retelling{
		"ar1": {{"vtcnews:ar2", "duplicate_of", "Defence talks"}, {"vtcnews:ar3", "duplicate_of", "Defence talks"}},
		"ar2": {{"vtcnews:ar1", "duplicate_of", "Defence talks"}, {"vtcnews:ar3", "duplicate_of", "Defence talks"}, {"vtcnews:ar4", "same_story", "Defence talks"}},
		"ar6": {},
		"ar9": {},
	} {
		got, err := s.Retellings(t.Context(), "vtcnews:"+id)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("of %s: %+v, want %+v", id, got, want)
		}
	}
}
