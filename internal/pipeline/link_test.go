package pipeline

import (
	"slices"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/internal/newsroom"
	"attache/internal/store"
)

// TestVersionsOfAStoryAreLinked: of a reprint and the article its source line leads to,
// the later names the earlier.
func TestVersionsOfAStoryAreLinked(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	for _, id := range []string{"vietnamplus-vi", "vietnamvn-vi", "vtcnews"} { // one original before its reprints, one after
		r.run(t, id)
	}
	linked := 0
	for _, s := range room.Stories("vietnamvn-vi") {
		if s.Attribution == nil || !s.Defence || s.Answers != 0 {
			continue
		}
		original := idAt(s.Attribution.URL)
		first, err := r.store.Latest(t.Context(), original)
		must(t, err)
		reprint, err := r.store.Latest(t.Context(), article.ID("vietnamvn-vi", s.NativeID))
		must(t, err)
		if first == nil || reprint == nil {
			continue
		}
		linked++
		if !slices.Contains(reprint.SameStory, original) && !slices.Contains(first.SameStory, reprint.ArticleID) &&
			deref(reprint.DuplicateOf) != original && deref(first.DuplicateOf) != reprint.ArticleID {
			t.Errorf("neither of %s and %s names the other", reprint.ArticleID, original)
		}
	}
	if linked == 0 {
		t.Error("nothing was there to be linked")
	}
}

// idAt is the article at an address of the edition.
func idAt(address string) string {
	for _, source := range room.Sources() {
		i := slices.IndexFunc(room.Stories(source), func(s newsroom.Story) bool { return s.URL == address })
		if i >= 0 {
			return article.ID(source, room.Stories(source)[i].NativeID)
		}
	}
	return ""
}

// TestTheSameTextIsADuplicate: an agency's text in a second paper names the first.
func TestTheSameTextIsADuplicate(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	first, err := r.store.Latest(t.Context(), wanted(source(t, "vtcnews"))[0])
	must(t, err)
	copied := *first
	copied.ArticleID, copied.Source, copied.URL = "qk7:1", "qk7", "https://baoquankhu7.vn/x-1-001s34210gs"
	copied.Title, copied.Attribution = "Tin vắn: "+first.Title, nil
	if _, err := r.link(t.Context(), &copied); err != nil || copied.DuplicateOf == nil || *copied.DuplicateOf != first.ArticleID {
		t.Errorf("duplicate of %v, %v", copied.DuplicateOf, err)
	}
	other := *first
	other.ArticleID, other.BodyText, other.Images, other.Attribution = "qk7:2", strings.Repeat("Giá rau xanh tại các chợ đầu mối tăng nhẹ sau đợt mưa lớn kéo dài nhiều ngày. ", 8), nil, nil
	if _, err := r.link(t.Context(), &other); err != nil || other.DuplicateOf != nil || len(other.SameStory) != 0 {
		t.Errorf("another text: %v, %v, %v", other.DuplicateOf, other.SameStory, err)
	}
}

// TestACorrectedOriginalIsNoCopyOfItsCopy: of two that carry one text, one stays
// without a link.
func TestACorrectedOriginalIsNoCopyOfItsCopy(t *testing.T) {
	t.Parallel()
	r := newRig(t, made(t, settings()))
	r.run(t, "vtcnews")
	first, err := r.store.Latest(t.Context(), wanted(source(t, "vtcnews"))[0])
	must(t, err)
	keep := func(record article.Record) article.Record {
		t.Helper()
		_, err := r.store.OpenNew(t.Context(), record.Source, []store.Listed{{ArticleID: record.ArticleID, URL: record.URL}}, nil)
		must(t, err)
		told, err := r.link(t.Context(), &record)
		must(t, err)
		todo, err := r.store.Todo(t.Context(), record.Source, false)
		must(t, err)
		for _, i := range todo {
			if i.ArticleID == record.ArticleID {
				_, err := r.store.Keep(t.Context(), i, &record, told)
				must(t, err)
			}
		}
		return record
	}
	second := *first
	second.ArticleID, second.Source, second.URL, second.Attribution = "qk7:1", "qk7", "https://baoquankhu7.vn/x-1-001s34210gs", nil
	if second = keep(second); second.DuplicateOf == nil {
		t.Fatal("the copy is not told")
	}
	corrected := *first
	corrected.Title += " (cập nhật)"
	if _, err := r.link(t.Context(), &corrected); err != nil || corrected.DuplicateOf != nil {
		t.Errorf("the original is now a copy of %v, %v", *corrected.DuplicateOf, err)
	}
}
