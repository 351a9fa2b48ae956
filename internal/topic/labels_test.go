package topic

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestLabels measures acts and countries on articles of the open set that we
// labelled by hand: testdata/labels.txt holds "id countries | acts"; what has a
// question mark may be there or not.
func TestLabels(t *testing.T) {
	t.Parallel()
	const minPrecision, minRecall = 0.80, 0.85
	d := decider(t)
	set := map[string]*labelled{}
	for _, l := range openSet(t, d) {
		set[l.ID] = l
	}
	f, err := os.Open("testdata/labels.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	acts, countries, read := &matrix{}, &matrix{}, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		id, rest, _ := strings.Cut(lines.Text(), " ")
		l := set[id]
		if l == nil {
			continue
		}
		read++
		got := d.Decide(Text{Title: l.Title, Body: l.Text, Language: l.Lang})
		wantCountries, wantActs, _ := strings.Cut(rest, "|")
		for _, c := range []struct {
			m    *matrix
			want string
			got  []string
		}{{countries, wantCountries, got.Countries}, {acts, wantActs, got.Acts}} {
			if wrong := compare(c.m, strings.Fields(c.want), c.got); wrong != "" {
				t.Logf("%s %s:%s of %s", id, l.Lang, wrong, c.want)
			}
		}
	}
	if len(set) == 0 {
		return
	}
	t.Logf("%d articles", read)
	for name, m := range map[string]*matrix{"acts": acts, "countries": countries} {
		t.Logf("| %s | %s | %s |", name, interval(m.hit, m.hit+m.wrong), interval(m.hit, m.hit+m.missed))
		if m.precision() < minPrecision || m.recall() < minRecall {
			t.Errorf("%s: precision %.2f, recall %.2f; want %.2f and %.2f", name, m.precision(), m.recall(), minPrecision, minRecall)
		}
	}
}

// compare counts got against what is wanted, and says what is wrong.
func compare(m *matrix, want, got []string) string {
	var wrong strings.Builder
	for _, g := range got {
		switch {
		case slices.Contains(want, g):
			m.hit++
		case !slices.Contains(want, g+"?"):
			m.wrong++
			wrong.WriteString(" +" + g)
		}
	}
	for _, w := range want {
		if !strings.HasSuffix(w, "?") && !slices.Contains(got, w) {
			m.missed++
			wrong.WriteString(" -" + w)
		}
	}
	return wrong.String()
}
