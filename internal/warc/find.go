package warc

import (
	"errors"
	"io"
	"strings"
)

// Find gives the offsets of the responses in a segment whose address is wanted: those
// that no record refers to, too, because the page had not changed. Blocks larger
// than maxBlock are an error.
func Find(r io.Reader, maxBlock int64, wanted func(address string) bool) (offsets []int64, err error) {
	in := NewReader(r, maxBlock)
	for {
		rec, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return offsets, nil
		case err != nil:
			return nil, err
		case rec.Type == "response" && wanted(strings.Trim(rec.Fields.Get("WARC-Target-URI"), "<>")):
			offsets = append(offsets, rec.Offset)
		}
	}
}
