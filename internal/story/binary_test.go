package story_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/internal/story"
)

func TestStored(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]story.Sketch{
		"no text": of(""), "short": of("Ba bộ trưởng gặp nhau"), "article": of(filler(0, 400)+"Ngày 12/11 tại Hà Nội", "LA", "VN"), "long": of(filler(0, 20_000)),
	} {
		b, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back story.Sketch
		if err := back.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(back, s) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", name, err, back, s)
		}
		if len(b) >= 3000 {
			t.Errorf("%s: %d bytes", name, len(b))
		}
		for n := range b {
			if err := back.UnmarshalBinary(b[:n]); err == nil {
				t.Errorf("%s: the first %d of %d bytes pass for a sketch", name, n, len(b))
			}
		}
		if !reflect.DeepEqual(back, s) {
			t.Errorf("%s: a refused reading changed the sketch", name)
		}
	}
}

func TestNoSketch(t *testing.T) {
	t.Parallel()
	head := "\x01........"
	for name, b := range map[string]string{
		"empty":             "",
		"another format":    "\x02........\x00\x00\x00\x00\x00",
		"more after it":     head + "\x00\x00\x00\x00\x00\x00",
		"too many hashes":   head + "\x00" + "\x82\x08" + strings.Repeat("\x01", 513) + "\x00\x00\x00",
		"a hash twice":      head + "\x00" + "\x04\x01\x00" + "\x00\x00\x00",
		"past 32 bits":      head + "\x00" + "\x04\xff\xff\xff\xff\x0f\x01" + "\x00\x00\x00",
		"cut, but empty":    head + "\x00" + "\x01" + "\x00\x00\x00",
		"a long-winded one": head + "\x80\x00" + "\x00\x00\x00\x00",
	} {
		if err := new(story.Sketch).UnmarshalBinary([]byte(b)); err == nil {
			t.Errorf("%s: it passes for a sketch", name)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("Hanoi (VNA) – Two ministers met.", "第四次磋商在利马举行 ٣ \xff\u0301\n&nbsp;5.200.", "VN")
	f.Add("", strings.Repeat("a b c d e ", 30), "")
	f.Fuzz(func(t *testing.T, lede, body, country string) {
		s := story.Of(&article.Record{Content: article.Content{Lede: &lede, BodyText: body}, Countries: []string{country}})
		b, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back story.Sketch
		if err := back.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(back, s) {
			t.Fatalf("read back: %v\n got %+v\nwant %+v", err, back, s)
		}
		if v := story.Compare(s, back); v == story.Same {
			t.Errorf("a text is another version of itself: %+v", story.Similarity(s, back))
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	other := of(filler(0, 700))
	for _, text := range []string{"", "one two three four five", filler(0, 700)} {
		b, _ := of(text, "VN").MarshalBinary()
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s story.Sketch
		if s.UnmarshalBinary(b) != nil {
			return
		}
		if again, _ := s.MarshalBinary(); !bytes.Equal(again, b) {
			t.Errorf("%x was read, %x written", b, again)
		}
		story.Compare(s, other)
		if len(s.Keys()) > 24 {
			t.Errorf("%d keys", len(s.Keys()))
		}
	})
}
