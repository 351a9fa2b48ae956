package story

// Verdict is what two texts are to each other.
type Verdict string

// The verdicts.
const (
	None      Verdict = ""
	Same      Verdict = "same"      // versions of one story: shortened, extended, updated, part of a longer page
	Duplicate Verdict = "duplicate" // one text, but for what an editor does in passing
)

// Where the verdicts part. They were chosen on one half of the labelled pairs;
// docs/STORIES.md has what they give on the other.
const (
	fewestWords    = 20   // with fewer, texts are alike by chance
	fewestShingles = 20   // to be compared
	oneText        = 0.74 // Jaccard, from here a Duplicate
	oneLength      = 0.85 // the shorter text beside the longer: here each was cut or touched up in places of its own,
	oneTextCut     = 0.62 // and this is enough
	oneStory       = 0.6  // Contained, from here the Same
	wholly         = 0.99 // Contained, from here names say nothing more
	otherNumbers   = 0.5  // from here two events told in one form
	otherNames     = 0.3
	otherCountries = 0.5
)

// Compare gives the verdict on two texts. A desk tells two visits in the same
// words: texts whose numbers, names or countries contradict each other are not
// linked, however alike. It does not look at dates: compare within a window of
// days.
func Compare(a, b Sketch) Verdict {
	l := Similarity(a, b)
	switch {
	case min(a.words, b.words) < fewestWords:
		return None
	case a.whole == b.whole && a.words == b.words:
		return Duplicate
	case l.Sample < fewestShingles, l.Numbers >= otherNumbers,
		l.Contained < wholly && (l.Names >= otherNames || l.Countries >= otherCountries):
		return None
	case l.Numbers == 0 && (l.Jaccard >= oneText || l.Length >= oneLength && l.Jaccard >= oneTextCut):
		return Duplicate
	case l.Contained >= oneStory:
		return Same
	}
	return None
}

// Likeness is how two texts compare: shares from 0 to 1.
type Likeness struct {
	Jaccard   float64 // of the shingles of either text, those in both
	Length    float64 // the words of the shorter text by those of the longer
	Contained float64 // of the shingles of the text with more of its own in the other, those that are
	Numbers   float64 // what each text has of its own; the lower of the two shares
	Names     float64 // likewise
	Countries float64 // likewise
	Sample    int     // shingles of that text that were looked at
}

// Similarity compares two texts. With texts of more than 512 words the shares
// are estimates, off by some 0.02; a short text in one 25 times as long, or
// longer, is not told.
func Similarity(a, b Sketch) Likeness {
	left, both, right := overlap(a.shingles, b.shingles)
	sample := both + min(left, right)
	return Likeness{
		Jaccard:   share(both, left+both+right),
		Length:    share(int(min(a.words, b.words)), int(max(a.words, b.words))),
		Contained: share(both, sample),
		Numbers:   contradiction(a.numbers, b.numbers),
		Names:     contradiction(a.names, b.names),
		Countries: contradiction(a.countries, b.countries),
		Sample:    sample,
	}
}

// contradiction is 0 when one sample holds all of the other: then one text only
// says more.
func contradiction(a, b sample) float64 {
	left, both, right := overlap(a, b)
	return min(share(left, left+both), share(right, right+both))
}

func share(part, of int) float64 { return float64(part) / float64(max(of, 1)) }
