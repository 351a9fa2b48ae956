package parse_test

import (
	"testing"

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
