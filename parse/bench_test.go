package parse_test

import (
	"bytes"
	"testing"
	"time"

	"golang.org/x/net/html"

	"attache/internal/charset"
	"attache/parse"
	"attache/seeds"
)

func BenchmarkRead(b *testing.B) {
	sources, err := seeds.Load("")
	if err != nil {
		b.Fatal(err)
	}
	room := openRoom(b)
	for _, src := range sources {
		b.Run(src.ID, func(b *testing.B) {
			page := served(b, room, richest(b, room, src.ID))
			b.SetBytes(int64(len(page.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parse.Read(src, page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// dear is what a page without rules may cost, as a multiple of decoding and
// parsing its HTML. Our own pages are nearly all text, without the scripts and
// menus that only the parser has to do with elsewhere: what is 1.9 on those of
// large publishers measures 4.0 to 4.6 here.
const dear = 5.5

// BenchmarkFallback reads pages as if nobody had written rules for them, beside
// parsing them and no more, and fails when reading has become too dear.
func BenchmarkFallback(b *testing.B) {
	sources, err := seeds.Load("")
	if err != nil {
		b.Fatal(err)
	}
	room := openRoom(b)
	var pages []parse.Page
	for _, src := range sources {
		pages = append(pages, served(b, room, richest(b, room, src.ID)))
	}
	var parsing, reading time.Duration
	for b.Loop() {
		for _, page := range pages {
			start := time.Now()
			text, err := charset.ToUTF8(page.Body, page.ContentType)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := html.Parse(bytes.NewReader(text)); err != nil {
				b.Fatal(err)
			}
			parsed := time.Now()
			if _, err := parse.Read(nil, page); err != nil {
				b.Fatal(err)
			}
			parsing += parsed.Sub(start)
			reading += time.Since(parsed)
		}
	}
	times := float64(reading) / float64(parsing)
	b.ReportMetric(times, "×parse")
	if b.N >= 20 && times > dear { // fewer rounds say little
		b.Errorf("reading costs %.2f times parsing, may cost %.1f", times, dear)
	}
}
