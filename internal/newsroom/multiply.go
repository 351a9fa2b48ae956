package newsroom

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"

	"golang.org/x/text/encoding/unicode"
)

// multiplied writes list with n entries, made from its first: another number
// ends each link. It is nil when list is no feed and no sitemap.
func multiplied(list []byte, n int) func(io.Writer) error {
	wide := bytes.HasPrefix(list, []byte("\xff\xfe"))
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	if wide {
		list, _ = utf16.NewDecoder().Bytes(list) // was made by the encoder
	}
	for _, element := range []string{"item", "url"} {
		begin, end := "<"+element+">", "</"+element+">"
		first, last := bytes.Index(list, []byte(begin)), bytes.LastIndex(list, []byte(end))
		if first < 0 || last < first {
			continue
		}
		last += len(end)
		entry := list[first : first+bytes.Index(list[first:], []byte(end))+len(end)]
		places := numbers(entry)
		return func(w io.Writer) error {
			if wide {
				w = utf16.NewEncoder().Writer(w)
			}
			b := bufio.NewWriterSize(w, 64<<10) // it keeps the first error
			_, _ = b.Write(list[:first])
			for i := range n {
				if _, err := b.Write(numbered(entry, places, i)); err != nil {
					return err
				}
			}
			_, _ = b.Write(list[last:])
			return b.Flush()
		}
	}
	return nil
}

var entryAddress = regexp.MustCompile(`<(?:link|guid|loc)>\s*([^<\s]+)`)

// numbers are where in entry its addresses' numbers stand: the longest run of
// digits of each, or its end.
func numbers(entry []byte) (places [][2]int) {
	for _, m := range entryAddress.FindAllSubmatchIndex(entry, -1) {
		longest := [2]int{m[3], m[3]}
		for _, d := range digits.FindAllIndex(entry[m[2]:m[3]], -1) {
			if d[1]-d[0] >= longest[1]-longest[0] {
				longest = [2]int{m[2] + d[0], m[2] + d[1]}
			}
		}
		places = append(places, longest)
	}
	return places
}

var digits = regexp.MustCompile(`\d+`)

// numbered is entry as the i-th of many: its addresses have numbers of their own,
// at least as long as they were.
func numbered(entry []byte, places [][2]int, i int) []byte {
	var b bytes.Buffer
	at := 0
	for _, p := range places {
		b.Write(entry[at:p[0]])
		if p[0] == p[1] {
			b.WriteByte('-')
		}
		fmt.Fprintf(&b, "9%0*d", max(p[1]-p[0]-1, 0), i)
		at = p[1]
	}
	b.Write(entry[at:])
	return b.Bytes()
}
