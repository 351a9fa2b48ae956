package topic

import (
	"fmt"
	"testing"
)

func TestStrongest(t *testing.T) {
	t.Parallel()
	d := decider(t).Decide(Text{Title: "Lao army chief visits Hanoi", Lede: "The minister of defence held talks.", Body: "A storm hit Japan. The army went to help.", Language: "en"})
	got := ""
	for _, s := range d.Strongest(5) {
		got += fmt.Sprintf("%s %s %s; ", s.Place, s.Kind, s.Text)
	}
	const want = "title defence army chief; title act visits; title country Lao; title country Hanoi; lede defence minister of defence; "
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if n := len(d.Strongest(100)); n != len(d.Signals) {
		t.Errorf("%d of %d", n, len(d.Signals))
	}
	if n := len(Decision{}.Strongest(3)); n != 0 {
		t.Errorf("%d of none", n)
	}
}
