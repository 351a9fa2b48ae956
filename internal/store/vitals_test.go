package store

import (
	"testing"
	"time"

	"attache/internal/article"
)

func TestVitals(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	if v, err := s.Vitals(t.Context()); v != (Vitals{}) || err != nil {
		t.Errorf("of an empty store: %+v, %v", v, err)
	}
	must(t, s.Advance(t.Context(), "2026-11-20"))
	began := c.now()
	i := item(t, s, "qk7", "1")
	_, err := s.Keep(t.Context(), i, page(i, "They met."), Telling{})
	must(t, err)
	c.step(time.Hour)
	must(t, s.Ask(t.Context(), Takedown{ArticleID: "qk7:9", Reason: "asked"}))
	v, err := s.Vitals(t.Context())
	if must(t, err); v.OutboxRows != 1 || !v.OutboxSince.IsZero() || v.Takedowns != 1 || !v.TakedownFrom.Equal(c.now()) || !v.Begun.Equal(began) || !v.Opened.Equal(began) || !v.Sealed.IsZero() {
		t.Errorf("%+v", v)
	}
	must(t, s.Erased(t.Context(), "qk7:9"))
	if v, err = s.Vitals(t.Context()); v.Takedowns != 1 || err != nil { // it is not wiped
		t.Errorf("%+v, %v", v, err)
	}
	c.step(24 * time.Hour)
	must(t, s.Advance(t.Context(), "2026-11-21"))
	_, err = s.Vitals(t.Context())
	must(t, err)
	must(t, s.Intend(t.Context(), "2026-11-20", 0, []byte("{}"), "p"))
	must(t, s.Sealed(t.Context(), "2026-11-20", 0))
	if v, err = s.Vitals(t.Context()); !v.Sealed.Equal(c.now()) || !v.Opened.Equal(c.now()) || err != nil {
		t.Errorf("%+v, %v", v, err)
	}
	sealed := c.now()
	c.step(time.Hour)
	_, err = s.Revise(t.Context(), "2026-11-20", "damage")
	must(t, err)
	if v, err = s.Vitals(t.Context()); !v.Sealed.Equal(sealed) || err != nil {
		t.Errorf("a day that is repaired counts as not sealed: %+v, %v", v, err)
	}
}

func TestQuarantineIsCounted(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	for _, id := range []string{"1", "2"} {
		must(t, s.End(t.Context(), item(t, s, "qk7", id), article.Quarantined, "empty"))
	}
	must(t, s.End(t.Context(), item(t, s, "vtcnews", "1"), article.Failed, "gone"))
	if n, err := s.Quarantine(t.Context()); len(n) != 1 || n["qk7"] != 2 || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	_, err := s.Release(t.Context(), "qk7")
	must(t, err)
	if n, err := s.Quarantine(t.Context()); len(n) != 0 || err != nil {
		t.Errorf("after it was released: %v, %v", n, err)
	}
}

func TestResting(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "")
	for host, d := range map[string]time.Duration{"long.example.org": time.Hour, "over.example.org": -10 * time.Minute, "past.example.org": -time.Hour} {
		must(t, s.SetBackoff(t.Context(), host, Backoff{Until: c.now().Add(d), Step: time.Minute, Reason: "503"}))
	}
	list, err := s.Resting(t.Context(), c.now().Add(-30*time.Minute), 10)
	if must(t, err); len(list) != 2 || list[0].Host != "long.example.org" || list[0].Step != time.Minute || list[1].Host != "over.example.org" {
		t.Errorf("%+v", list)
	}
	if list, err = s.Resting(t.Context(), c.now().Add(-30*time.Minute), 1); len(list) != 1 || err != nil {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	if at, err := s.LastNews(t.Context(), "qk7"); !at.IsZero() || err != nil {
		t.Errorf("%s, %v", at, err)
	}
	first := c.now()
	_, err := s.OpenNew(t.Context(), "qk7", []Listed{{ArticleID: "qk7:1"}, {ArticleID: "qk7:2"}}, nil)
	must(t, err)
	c.step(time.Hour)
	_, err = s.OpenNew(t.Context(), "qk7", []Listed{{ArticleID: "qk7:3"}}, nil)
	must(t, err)
	last := c.now()
	for _, i := range todo(t, s, "qk7") {
		must(t, s.End(t.Context(), i, article.Quarantined, "empty"))
	}
	c.step(time.Hour)
	_, err = s.Release(t.Context(), "qk7") // another look is no news
	must(t, err)
	news, err := s.News(t.Context(), "qk7", first)
	if must(t, err); len(news) != 2 || news[0] != (News{first, 2}) || news[1] != (News{last, 1}) {
		t.Errorf("%v", news)
	}
	if news, err = s.News(t.Context(), "qk7", last); len(news) != 1 || err != nil {
		t.Errorf("%v, %v", news, err)
	}
	if at, err := s.LastNews(t.Context(), "qk7"); !at.Equal(last) || err != nil {
		t.Errorf("%s, %v", at, err)
	}

	for run, whole := range map[string]bool{"a": true, "b": false} {
		must(t, s.BeginRun(t.Context(), run, "qk7", "news"))
		must(t, s.EndRun(t.Context(), run, []byte(`{"run":"`+run+`"}`), whole))
		c.step(time.Minute)
	}
	if looks, err := s.Looks(t.Context(), "qk7", first); len(looks) != 1 || err != nil {
		t.Errorf("%v, %v", looks, err)
	}
	n := 0
	for _, err := range s.NewestSummaries(t.Context(), "qk7", first) {
		must(t, err)
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d summaries", n)
	}
}

func TestAlarmsAreRemembered(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "")
	if state, err := s.Alarms(t.Context()); state != nil || err != nil {
		t.Errorf("%q, %v", state, err)
	}
	for _, state := range []string{"[1]", "[]"} {
		must(t, s.SetAlarms(t.Context(), []byte(state)))
		if got, err := s.Alarms(t.Context()); string(got) != state || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}
