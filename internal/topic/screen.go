package topic

// Screen says whether an article with this title alone may be about defence
// diplomacy: the title names something of defence, or a party and an act, or two
// parties. It is for publishers that list more than can be read, and is meant to
// lose next to nothing: docs/TOPIC.md has the figure. An empty title may be anything.
func (d *Decider) Screen(title, language string) bool {
	if title == "" {
		return true
	}
	var t tally
	for _, term := range d.tongue(Text{Title: title, Language: language}).read(title, "", "").terms {
		t.add(term.meaning)
	}
	return t.defence > 0 || t.parties() >= 2 || t.parties() > 0 && t.alone+t.together > 0
}
