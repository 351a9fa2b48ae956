package sinks

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"attache/internal/article"
)

// TestReadParquetHoldsClaimsToValues: what other readers skip rows by is true.
func TestReadParquetHoldsClaimsToValues(t *testing.T) {
	t.Parallel()
	var rows []string
	for n := range 50 {
		rows = append(rows, recordRow(t, n, func(r *article.Record) {
			full(r)
			r.URL, r.CanonicalURL = fmt.Sprintf("https://vtcnews.example/a/longer/address/%d", n*7%50), fmt.Sprint(n)
			r.Topic.Score, r.Backfilled = float64(n)/50, n%2 == 1
			if n%3 == 0 {
				r.ModifiedAt = nil
			}
		}))
	}
	_, whole := writeParquet(t, rowsOf(rows...))
	if got, err := readParquet(whole); err != nil || !slices.Equal(got, rows) {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	stats := func(id int16, change func([]byte)) func(*testing.T, thrift, []byte) {
		return func(_ *testing.T, chunk thrift, _ []byte) { change(chunk.sub(3).sub(12).bytes(id)) }
	}
	index := func(id int16, change func([]byte)) func(*testing.T, thrift, []byte) {
		return func(t *testing.T, chunk thrift, raw []byte) {
			t.Helper()
			ci, _, err := decodeThrift(raw[chunk.int(6):][:chunk.int(7)])
			if err != nil {
				t.Fatal(err)
			}
			change(ci.list(id)[0].([]byte))
		}
	}
	at := func(offset, length int16, from int, is byte) func(*testing.T, thrift, []byte) {
		return func(_ *testing.T, chunk thrift, raw []byte) {
			text := raw[chunk.int(offset):][:chunk.int(length)]
			text[(len(text)+from)%len(text)] = is
		}
	}
	first := func(is byte) func([]byte) { return func(b []byte) { b[0] = is } }
	last := func(is byte) func([]byte) { return func(b []byte) { b[len(b)-1] = is } }
	const limits, nulls, places = "below the least or above the greatest", "another number of nulls", "is elsewhere, or begins with another row"
	for name, c := range map[string]struct {
		column string
		lie    func(*testing.T, thrift, []byte)
		says   string
	}{
		"a greater least text":          {"article_id", stats(6, first('w')), limits},
		"a lesser greatest text":        {"article_id", stats(5, first('a')), limits},
		"a greater least number":        {"revision", stats(6, first(2)), limits},
		"a lesser greatest time":        {"published_at", stats(5, func(b []byte) { b[6] = 0 }), limits},
		"a lesser greatest double":      {"score", stats(5, last(0)), limits},
		"a false greatest":              {"backfilled", stats(5, first(0)), limits},
		"a greater least of a page":     {"url", index(2, first('i')), limits},
		"a lesser greatest of a page":   {"url", index(3, first('a')), limits},
		"a greater least of its times":  {"fetched_at", index(2, last(0x7f)), limits},
		"a lesser greatest among nulls": {"modified_at", stats(5, func(b []byte) { b[6] = 0 }), limits},
		"a page of nulls, it says":      {"article_id", at(6, 7, 2, 1), nulls},
		"a null too many":               {"article_id", at(6, 7, -2, 2), nulls},
		"a page that begins later":      {"article_id", at(4, 5, -3, 2), places},
		"a page that lies elsewhere":    {"article_id", at(4, 5, 3, 10), places},
		"a Bloom filter of nothing": {"url", func(_ *testing.T, chunk thrift, raw []byte) {
			meta := chunk.sub(3)
			clear(raw[meta.int(14)+meta.int(15)-bloomBlock:][:bloomBlock])
			clear(raw[meta.int(14)+meta.int(15)-2*bloomBlock:][:bloomBlock])
		}, "a value is not in the Bloom filter"},
		"a Bloom filter of another kind": {"url", func(_ *testing.T, chunk thrift, raw []byte) { raw[chunk.sub(3).int(14)+1] ^= 2 }, "Bloom filter of another kind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := bytes.Clone(whole)
			length := int(binary.LittleEndian.Uint32(raw[len(raw)-8:]))
			footer, _, err := decodeThrift(raw[len(raw)-8-length:]) // refers to raw
			if err != nil {
				t.Fatal(err)
			}
			for _, chunk := range footer.list(4)[0].(thrift).list(1) {
				path := chunk.(thrift).sub(3).list(3)
				if string(path[len(path)-1].([]byte)) == c.column {
					c.lie(t, chunk.(thrift), raw)
					break
				}
			}
			if got, err := readParquet(raw); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%d rows, %v; is to say %q", len(got), err, c.says)
			}
		})
	}
}

func FuzzReadClaims(f *testing.F) {
	f.Add([]byte("\x15\x80\x01\x00"), int64(0), int64(4), int64(0), int64(4))
	f.Fuzz(func(_ *testing.T, raw []byte, a, b, c, d int64) {
		for _, kind := range []article.Type{article.String, article.Int, article.Time, article.Double, article.Bool} {
			l := &leaf{from: bytes.NewReader(raw), held: new(int), kind: kind, claims: claims{}}
			meta := thrift{14: a, 15: b, 12: thrift{3: c, 5: raw, 6: raw}}
			if said, err := l.readClaims(thrift{3: meta, 4: a, 5: b, 6: c, 7: d}, int64(len(raw))); err == nil {
				l.claims = said
				_ = l.opens(a, b)
				_ = l.see(raw)
				_ = l.ends()
			}
		}
	})
}
