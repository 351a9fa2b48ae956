package sinks

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"attache/internal/article"
)

// printed are the columns with words of the publisher: Unicode NFC.
var printed = []string{
	"title", "lede", "body_text", "authors", "section", "tags", "images.caption", "images.credit", "published_raw",
	"attribution.text", "topic.signals.text",
}

// redacted are the columns that a takedown empties; the addresses of the article stay.
var redacted = append([]string{"images.url", "attribution.url", "topic.signals.kind", "topic.signals.place", "raw_ref.segment", "raw_ref.offset"}, printed...)

// vocabulary is a column whose values are declared one by one.
type vocabulary struct {
	name   string
	leaf   int
	values []string
}

// lay finds the leaves of the columns, by their paths.
func (h *headReader) lay(columns []*column, path string) {
	for _, c := range columns {
		name := path + c.Name
		if c.fields != nil {
			h.lay(c.fields, name+".")
			continue
		}
		h.leaf[name] = c.first
		if len(c.Values) > 0 {
			h.closed = append(h.closed, vocabulary{name, c.first, c.Values})
		}
	}
}

// wrong says what no row of attache can have, though it has the form of one, of the
// row that was read last; empty when there is nothing.
func (h *headReader) wrong(r head) string {
	for _, v := range h.closed {
		for _, value := range h.scanner.values[v.leaf] {
			if text := string(value.ByteArray()); !value.IsNull() && !slices.Contains(v.values, text) {
				return fmt.Sprintf("%s %q is none of %s", v.name, text, strings.Join(v.values, ", "))
			}
		}
	}
	for _, name := range printed {
		for _, value := range h.scanner.values[h.leaf[name]] {
			if !norm.NFC.IsNormal(value.ByteArray()) {
				return name + " is not in the normal form NFC"
			}
		}
	}
	for _, name := range []string{"countries", "acts"} {
		values := h.scanner.values[h.leaf[name]]
		for i := 1; i < len(values); i++ {
			if bytes.Compare(values[i-1].ByteArray(), values[i].ByteArray()) >= 0 {
				return name + " are not sorted, or one is there twice"
			}
		}
	}
	sum := sha256.Sum256(h.value("body_text").ByteArray())
	switch score := h.value("topic.score").Double(); {
	case h.text("body_sha256") != hex.EncodeToString(sum[:]):
		return "body_sha256 is not that of body_text"
	case !(score >= 0 && score <= 1):
		return fmt.Sprintf("topic.score %g is not from 0 to 1", score)
	case r.down:
		return h.leftOver()
	case h.empty("title") || h.empty("body_text"):
		return "title or body_text is empty, though it was not taken down"
	}
	return h.wrongReference(r)
}

func (h *headReader) wrongReference(r head) string {
	switch {
	case r.segment == "":
		if h.value("raw_ref.segment").IsNull() {
			return ""
		}
	case r.change == string(article.Removed):
		return "it was withdrawn and has a raw_ref"
	case strings.HasPrefix(r.segment, RawPrefix(r.source)) && r.offset >= 0:
		return ""
	}
	return fmt.Sprintf("raw_ref %q at %d is not in the captures of its source", r.segment, r.offset)
}

// leftOver says what of the text a tombstone still has.
func (h *headReader) leftOver() string {
	for _, name := range redacted {
		if !h.empty(name) {
			return "it was taken down and has " + name
		}
	}
	return ""
}

// empty reports whether a column has nothing, or only an empty text.
func (h *headReader) empty(column string) bool {
	for _, v := range h.scanner.values[h.leaf[column]] {
		if !v.IsNull() && (v.Kind() != h.value("title").Kind() || len(v.ByteArray()) > 0) {
			return false
		}
	}
	return true
}
