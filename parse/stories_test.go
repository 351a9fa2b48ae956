package parse_test

import (
	"slices"
	"strings"
	"testing"

	"attache/internal/newsroom"
	"attache/parse"
	"attache/seeds"
)

// TestStories reads every page of the newsroom: what comes home is what its
// author wrote, no more and no less.
func TestStories(t *testing.T) {
	t.Parallel()
	sources, err := seeds.Load("")
	if err != nil {
		t.Fatal(err)
	}
	room := openRoom(t)
	for _, id := range room.Sources() {
		for _, story := range room.Stories(id) {
			if story.Answers != 0 {
				continue
			}
			t.Run(id+" "+story.NativeID, func(t *testing.T) {
				t.Parallel()
				got, err := parse.Read(find(t, sources, id), served(t, room, story))
				if err != nil {
					t.Fatal(err)
				}
				compareStory(t, got, unreached(story))
			})
		}
	}
}

func compareStory(t *testing.T, got parse.Reading, want newsroom.Story) {
	t.Helper()
	if got.Broken != "" {
		t.Errorf("broken: %s", got.Broken)
	}
	if got.Title != want.Title {
		t.Errorf("title: got %q, want %q", got.Title, want.Title)
	}
	body := slices.Clone(want.Body)
	switch {
	case want.Lede != "" && got.Lede == nil: // printed as the first paragraph
		body = slices.Insert(body, 0, want.Lede)
	case want.Lede != "" && *got.Lede != want.Lede:
		t.Errorf("lede: got %q, want %q", *got.Lede, want.Lede)
	}
	paragraphs := strings.Split(got.BodyText, "\n\n")
	if len(paragraphs) != len(body) {
		t.Fatalf("got %d paragraphs, want %d:\n%s", len(paragraphs), len(body), got.BodyText)
	}
	for i, p := range paragraphs { // a dateline may stand before, no more
		if rest, ok := strings.CutSuffix(p, strings.TrimPrefix(body[i], "## ")); !ok || len([]rune(rest)) > 20 || i > 0 && rest != "" {
			t.Errorf("paragraph %d: got %q, want %q", i, p, body[i])
		}
	}
	if got.PublishedAt == nil || !got.PublishedAt.Equal(want.Published) {
		t.Errorf("published: got %v, want %v", got.PublishedAt, want.Published)
	}
	if !slices.Equal(got.Authors, orNone(want.Authors)) {
		t.Errorf("authors: got %q, want %q", got.Authors, want.Authors)
	}
	if len(got.Tags) > 0 && !slices.Equal(got.Tags, want.Tags) {
		t.Errorf("tags: got %q, want %q", got.Tags, want.Tags)
	}
	if got.Section != nil && *got.Section != want.Section {
		t.Errorf("section: got %q, want %q", *got.Section, want.Section)
	}
	if len(got.Images) != len(want.Images) {
		t.Fatalf("got %d pictures, want %d: %+v", len(got.Images), len(want.Images), got.Images)
	}
	for i, img := range want.Images {
		if got.Images[i].URL != img.URL || deref(got.Images[i].Caption) != img.Caption {
			t.Errorf("picture %d: got %+v, want %+v", i, got.Images[i], img)
		}
	}
	if a := want.Attribution; a != nil && (got.Attribution == nil || got.Attribution.Text != a.Text || strings.Contains(a.Text, "://") && deref(got.Attribution.URL) != a.URL) {
		t.Errorf("attribution: got %+v, want %+v", got.Attribution, a)
	}
}

// unreached takes out what stands where no rule looks: the newsroom had to
// invent where UrduPoint prints bylines and pictures.
func unreached(s newsroom.Story) newsroom.Story {
	if s.Source == "urdupoint-ar" {
		s.Authors, s.Images = nil, nil
	}
	return s
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
