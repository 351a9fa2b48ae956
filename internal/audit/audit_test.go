package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/topic"
	"attache/internal/warc"
)

// shelf is a store by hand.
type shelf struct {
	out  []store.Judgement
	kept []*article.Record
	let  int
	err  error
}

func (s shelf) Judgements(_ context.Context, source string, _, _ time.Time) iter.Seq2[store.Judgement, error] {
	return func(yield func(store.Judgement, error) bool) {
		for _, j := range s.out {
			if (source == "" || source == j.Source) && !yield(j, nil) {
				return
			}
		}
		if s.err != nil {
			yield(store.Judgement{}, s.err)
		}
	}
}

func (s shelf) Last(_ context.Context, _, _, _ string, let *int) iter.Seq2[*article.Record, error] {
	return func(yield func(*article.Record, error) bool) {
		*let = s.let
		for _, r := range s.kept {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func out(source, id string, score float64) store.Judgement {
	return store.Judgement{Source: source, ArticleID: id, Score: &score, Threshold: 0.5}
}

func ids(list []store.Judgement) (names []string) {
	for _, j := range list {
		names = append(names, j.ArticleID)
	}
	return names
}

func TestNearest(t *testing.T) {
	t.Parallel()
	strict := out("a", "strict", 0.4)
	strict.Threshold = 0.9
	s := shelf{out: []store.Judgement{
		out("a", "nil", 0), out("a", "low", 0.01), out("a", "middle", 0.2), strict,
		{Source: "a", ArticleID: "title"},
		out("b", "older", 0.3), out("b", "newer", 0.3),
	}}
	o, err := Nearest(t.Context(), s, "", time.Time{}, time.Time{}, 4)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Counts{{"a", 1, 4, 1, 1, 2, 0}, {"b", 0, 2, 0, 0, 0, 2}}; !slices.Equal(o.Sources, want) {
		t.Errorf("%+v, want %+v", o.Sources, want)
	}
	if got, want := ids(o.Shown), []string{"older", "newer", "strict", "middle"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	s.err = errors.New("torn")
	if _, err := Nearest(t.Context(), s, "", time.Time{}, time.Time{}, 4); !errors.Is(err, s.err) {
		t.Errorf("%v", err)
	}
}

// TestSample draws often: each is as likely as any other.
func TestSample(t *testing.T) {
	t.Parallel()
	s := shelf{}
	for i := range 20 {
		s.out = append(s.out, store.Judgement{ArticleID: fmt.Sprint(i)})
	}
	drawn := map[string]int{}
	const draws, size = 4000, 5
	for seed := range uint64(draws) {
		o, err := Sample(t.Context(), s, "", time.Time{}, time.Time{}, size, seed)
		if err != nil || len(o.Shown) != size {
			t.Fatal(len(o.Shown), err)
		}
		for _, id := range ids(o.Shown) {
			drawn[id]++
		}
	}
	for id, n := range drawn { // 1000 expected, by five times the deviation
		if n < 860 || n > 1140 {
			t.Errorf("%s was drawn %d times", id, n)
		}
	}
	a, _ := Sample(t.Context(), s, "", time.Time{}, time.Time{}, size, 7)
	b, _ := Sample(t.Context(), s, "", time.Time{}, time.Time{}, size, 7)
	if !slices.Equal(ids(a.Shown), ids(b.Shown)) {
		t.Error("the same seed drew others")
	}
}

func trial(t *testing.T, s Store, lexicon string) (*Trial, *[]Change) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "en.yaml"), []byte(lexicon), 0o600); err != nil {
		t.Fatal(err)
	}
	was, err := topic.New(topic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	is, err := topic.New(topic.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	changes := &[]Change{}
	return &Trial{
		Store: s, Was: was, Is: is, MaxPage: 1 << 20, Tell: func(c Change) { *changes = append(*changes, c) },
		Page: func(ref warc.Ref) (warc.Exchange, error) {
			switch ref.Segment {
			case "lost":
				return warc.Exchange{}, errors.New("no such segment")
			case "panic":
				panic("a mistake of ours")
			}
			return warc.Exchange{URL: "https://news.example/1", Status: http.StatusOK, Received: http.Header{"Content-Type": {"text/html"}}, Body: []byte(ref.Segment)}, nil
		},
	}, changes
}

func TestTrial(t *testing.T) {
	t.Parallel()
	page := func(id, segment string) store.Judgement {
		j := out("a", id, 0.1)
		j.Title, j.Raw = id, &article.RawRef{Segment: segment}
		return j
	}
	record := func(id, title, body string) *article.Record {
		return &article.Record{ArticleID: id, Content: article.Content{Title: title, BodyText: body, Language: "en"}}
	}
	gone := record("gone", "Lao general visits Hanoi", "")
	gone.ChangeType = article.Removed
	s := shelf{
		let: 2,
		out: []store.Judgement{
			page("cakes", `<html lang="en"><h1>Lao bakers visit Hanoi</h1><p>The bakers of Laos held talks with their Vietnamese friends over butter and eggs on Monday, and agreed to bake together.</p></html>`),
			out("a", "bare", 0.1), page("lost", "lost"), page("panic", "panic"),
			{Source: "a", ArticleID: "title", Title: "The bakers go on", Language: "en"},
			{Source: "a", ArticleID: "gold", Title: "Gold is dear", Language: "en"},
		},
		kept: []*article.Record{
			record("talks", "Lao general visits Hanoi", "The chief of staff of the Lao army held talks with his Vietnamese host at the ministry of defence.\n\nBoth armies agreed to train officers together."),
			record("navy", "Lao defence minister visits Hanoi, runs marathon", "The defence minister of Laos held talks with the Vietnamese defence minister.\n\nBoth armies agreed to train officers together."), gone,
		},
	}
	for _, c := range []struct {
		name, lexicon string
		want          []string
		tried         Tried
	}{
		{"nothing new", `defence: [zeppelin]`, nil, Tried{}},
		{"bakers are soldiers", "defence: [bakers]", []string{"enter cakes", "visit title"}, Tried{Enter: 1, Visit: 1}},
		{"an army is nothing", "replace: true\ndefence: [defence minister]\nacts: {visit: [visits], talks: [talks]}\ncountries: {LA: [Lao], VN: [Vietnamese, Hanoi]}", []string{"leave talks"}, Tried{Leave: 1}},
		{"a marathon is an exercise", "acts: {exercise: [marathon]}", []string{"relabel navy"}, Tried{Relabel: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, changes := trial(t, s, c.lexicon)
			steps := 0
			r.Step = func(Tried) { steps++ }
			tried, err := r.Run(t.Context(), "", time.Time{}, time.Time{}, "", "")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range *changes {
				got = append(got, d.What+" "+d.ArticleID)
				if d.What == Enter && (d.Was.Match || !d.Is.Match || len(d.Gained) == 0) {
					t.Errorf("%+v", d)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
			c.tried.Stored, c.tried.Out, c.tried.Titles, c.tried.LetGo, c.tried.NoPage, c.tried.Unread = 2, 1, 2, 2, 1, 2
			if tried != c.tried {
				t.Errorf("%+v, want %+v", tried, c.tried)
			}
			if steps != 8 {
				t.Errorf("%d steps", steps)
			}
		})
	}
}
