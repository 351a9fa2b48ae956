package pipeline

import (
	"context"
	"hash/fnv"
	"slices"

	"attache/internal/article"
	"attache/internal/store"
	"attache/internal/story"
)

// storyDays is how far apart versions of one story come out: agencies are reprinted
// for a week.
const storyDays = 7

// linked links the record and has it kept, one at a time: two versions that come at once
// must not miss each other.
func (p *Pipeline) linked(ctx context.Context, r *article.Record, keep func(store.Telling) (article.Outcome, error)) (article.Outcome, error) {
	linking := &p.turns().linking
	linking.Lock()
	defer linking.Unlock()
	telling, err := p.link(ctx, r)
	if err != nil {
		return "", err
	}
	return keep(telling)
}

// link names the articles that tell the record's story already: the one whose text it
// repeats, and other versions, by text, by the source line, and by the pictures of
// editions in other languages. Links point back in time: the row that came first does
// not change. It gives what later ones are to find this one by.
func (p *Pipeline) link(ctx context.Context, r *article.Record) (store.Telling, error) {
	sketch := story.Of(r)
	bytes, err := sketch.MarshalBinary()
	if err != nil {
		return store.Telling{}, err
	}
	t := store.Telling{Day: dayOf(r), Sketch: bytes, Text: sketch.Keys()}
	for _, name := range story.Pictures(r) {
		t.Other = append(t.Other, beyondText("picture "+name))
	}
	if edition := story.Edition(r.URL); edition != "" {
		t.Other = append(t.Other, beyondText("edition "+edition))
	}
	for _, address := range []string{story.Attributed(r.URL), original(r)} {
		if address != "" {
			t.Other = append(t.Other, beyondText("address "+address))
		}
	}
	neighbours, err := p.Store.Neighbours(ctx, r.ArticleID, t, storyDays)
	if err != nil {
		return t, err
	}
	same := map[string]bool{}
	var repeated *article.Record
	for _, n := range neighbours {
		var other story.Sketch
		if other.UnmarshalBinary(n.Sketch) != nil {
			continue // of an earlier version of attache
		}
		verdict := story.Compare(sketch, other)
		first, err := p.Store.Latest(ctx, n.ArticleID)
		if err != nil {
			return t, err
		}
		switch {
		case first == nil || first.ChangeType == article.Removed || deref(first.DuplicateOf) == r.ArticleID: // its own copy
		case verdict == story.Duplicate && (repeated == nil || first.FirstSeenAt.Before(repeated.FirstSeenAt)):
			repeated = first
		case verdict == story.Same, verdict == story.None && (story.Translation(r, first) || sameEdition(r, first) || sameOriginal(r, first)):
			same[n.ArticleID] = true
		}
	}
	if id, ok := p.attributed(ctx, r); ok {
		same[id] = true
	}
	r.DuplicateOf = nil
	if repeated != nil {
		r.DuplicateOf = &repeated.ArticleID
		delete(same, repeated.ArticleID)
	}
	r.SameStory = []string{}
	for id := range same {
		r.SameStory = append(r.SameStory, id)
	}
	slices.Sort(r.SameStory)
	return t, nil
}

func sameEdition(a, b *article.Record) bool {
	edition := story.Edition(a.URL)
	return edition != "" && edition == story.Edition(b.URL)
}

// original is the article the record's source line leads to; "" when it leads to none.
func original(r *article.Record) string {
	if r.Attribution == nil {
		return ""
	}
	return story.Attributed(deref(r.Attribution.URL))
}

// sameOriginal holds for two reprints of one article, and for one and its reprint,
// whichever came first.
func sameOriginal(a, b *article.Record) bool {
	from, to := original(a), original(b)
	return from != "" && (from == to || from == story.Attributed(b.URL)) || to != "" && to == story.Attributed(a.URL)
}

// attributed is the stored article the record's source line leads to.
func (p *Pipeline) attributed(ctx context.Context, r *article.Record) (string, bool) {
	if r.Attribution == nil || r.Attribution.URL == nil {
		return "", false
	}
	for _, src := range p.Sources {
		if id, ok := src.Identify(*r.Attribution.URL); ok && id != r.ArticleID {
			last, err := p.Store.Latest(ctx, id)
			return id, err == nil && last != nil
		}
	}
	return "", false
}

// dayOf is the day an article came out, as the store counts days.
func dayOf(r *article.Record) int {
	at := r.FetchedAt
	if r.PublishedAt != nil {
		at = *r.PublishedAt
	}
	return int(at.Unix() / (24 * 60 * 60))
}

// beyondText makes a key that no text has: those are below 2³².
func beyondText(what string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(what)) // never fails
	return int64(h.Sum64()>>2) | 1<<61
}
