package store

import "testing"

func TestPrunedIsToldFromNeverStored(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	i := item(t, s, "vtcnews", "ar1")
	told := func(when string, want bool) {
		t.Helper()
		if pruned, err := s.Pruned(t.Context(), i.ArticleID); pruned != want || err != nil {
			t.Errorf("%s: %v, %v", when, pruned, err)
		}
	}
	told("never stored", false)
	_, err := s.Keep(t.Context(), i, page(i, "Ministers met."), Telling{})
	must(t, err)
	told("stored", false)
	_, err = s.w.ExecContext(t.Context(), `UPDATE revisions SET record = x''`) // as Prune does after years
	must(t, err)
	told("pruned", true)
	if last, err := s.Latest(t.Context(), i.ArticleID); last != nil || err != nil {
		t.Errorf("its text is still there: %v, %v", last, err)
	}
}
