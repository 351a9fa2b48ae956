package quality

// ranking is a list of what is most frequent, as bars.
type ranking struct {
	Title string
	Items []ranked
	More  int // entries left out
}

type ranked struct {
	Name  string
	Count int64
	Width int // percent of the longest
}

// rankedMost is how many bars a ranking has.
const rankedMost = 10

// Subjects are what the texts are about, and in which languages.
func (v view) Subjects() []ranking {
	return []ranking{
		rank("Languages", v.Languages, func(c Count) (string, int64) { return speak(c.Name).Name, c.Rows }),
		rank("Acts", v.Acts, func(c Count) (string, int64) { return words(c.Name), c.Rows }),
		rank("Countries", v.Countries, func(c Count) (string, int64) { return country(c.Name), c.Rows }),
		rank("Countries together", v.Pairs, func(p Pair) (string, int64) { return country(p.A) + " – " + country(p.B), p.Rows }),
	}
}

// rank draws a list that begins with the most frequent.
func rank[T any](title string, list []T, say func(T) (string, int64)) ranking {
	r := ranking{Title: title, More: max(0, len(list)-rankedMost)}
	for _, item := range list[:len(list)-r.More] {
		name, n := say(item)
		r.Items = append(r.Items, ranked{Name: name, Count: n})
	}
	for i := range r.Items {
		r.Items[i].Width = int(100 * r.Items[i].Count / max(1, r.Items[0].Count))
	}
	return r
}
