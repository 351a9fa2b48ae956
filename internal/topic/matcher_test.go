package topic

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// FuzzAutomaton holds the automaton to looking for each string at each place.
func FuzzAutomaton(f *testing.F) {
	f.Add("he she his hers", "ushers, she said")
	f.Add("a aa aaa ab", "aaaab")
	f.Add("国防 国防部 防部", "国防部长")
	f.Fuzz(func(t *testing.T, list, text string) {
		list, text = strings.ToValidUTF8(list, ""), strings.ToValidUTF8(text, "")
		a := newAutomaton()
		finals := map[int32]string{}
		for s := range strings.FieldsSeq(list) {
			finals[a.add([]rune(s))] = s
		}
		a.freeze()
		var got, want []string
		state := int32(0)
		runes := []rune(text)
		for i, r := range runes {
			state = a.step(state, r)
			for s := state; s != 0; s = a.next[s] {
				if a.ends[s] {
					got = append(got, fmt.Sprint(i, finals[s]))
				}
			}
			for _, s := range finals {
				if n := len([]rune(s)); n <= i+1 && string(runes[i+1-n:i+1]) == s {
					want = append(want, fmt.Sprint(i, s))
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	l := &lexicon{
		Defence: []string{"foreign and defence minister*", "defence", "navy", "военн* сил*"}, Acts: map[string][]string{"talks": {"talks~"}},
		Against: map[string][]string{"other": {"foreign"}}, Countries: map[string][]string{"GB": {"Royal Navy"}, "FR": {"Gaul*"}},
		Near: []string{"near"}, Ignore: []string{"navy blue"}, Names: []string{"Jordan"},
	}
	tongue, err := newTongue("en", l)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Foreign and defence ministers":     "defence:Foreign and defence ministers", // hides what it holds
		"foreign talks":                     "against:foreign act:talks",
		"A navy blue coat, a navy":          "defence:navy",
		"Royal Navy off Royal navy":         "country:Royal Navy defence:Navy defence:navy", // a capital asked for is needed
		"Gaulish talks":                     "country:Gaulish act:talks",
		"talksy military":                   "", // whole words only
		"военные силы, военная. Силы":       "defence:военные силы",
		"Michael Jordan was seen in Jordan": "country:Jordan",
		"JORDAN AND CHAD HOLD TALKS":        "country:JORDAN country:CHAD act:TALKS", // all in capitals
		"near France, in France":            "country:France country:France",
	} {
		p := split(text)
		var got []string
		for _, f := range tongue.terms(p) {
			got = append(got, f.name()+":"+p.quote(f.first, f.last))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if terms := tongue.terms(split("near France")); terms[0].weight != 0 {
		t.Errorf("a country near is a party: %+v", terms)
	}
}
