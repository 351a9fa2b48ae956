package sinks

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"attache/internal/article"
)

// head is what verification compares of a row.
type head struct {
	id        string
	revision  int
	change    string
	source    string
	published time.Time // zero: not known
	left      bool      // it left the topic: its ledger counts it as out of scope
	down      bool      // it was taken down
	segment   string    // where the page is kept; empty: nowhere
	offset    int64
	rules     string // version of the source's rules; empty: none
}

// compare is the order of rows in a file; a time that is not known comes first.
func (a head) compare(b head) int {
	return cmp.Or(cmp.Compare(a.source, b.source), a.published.Compare(b.published), cmp.Compare(a.id, b.id), cmp.Compare(a.revision, b.revision))
}

// headReader reads rows, and holds them to the schema: to the fields of its version,
// to what they may say, and to the form in which attache writes them.
type headReader struct {
	version string
	scanner *scanner
	leaf    map[string]int // by path, such as topic.score
	closed  []vocabulary
	row     parquet.Row
}

func newHeadReader(version string) (*headReader, error) {
	s, err := newScanner(version)
	if err != nil {
		return nil, err
	}
	h := &headReader{version: version, scanner: s, leaf: map[string]int{}}
	h.lay(s.columns, "")
	return h, nil
}

// read says what is wrong with a row that has not the form of a record. See wrong for
// what it says.
func (h *headReader) read(row []byte) (head, error) {
	var err error
	if h.row, err = h.scanner.scan(row, h.row[:0]); err != nil {
		return head{}, err
	}
	r := head{id: h.text("article_id"), revision: int(h.value("revision").Int32()), change: h.text("change_type"), source: h.text("source")}
	r.segment, r.offset = h.text("raw_ref.segment"), h.value("raw_ref.offset").Int64()
	r.rules = h.text("extractor.rules_version")
	if at := h.value("published_at"); !at.IsNull() {
		r.published = time.UnixMicro(at.Int64()).UTC()
	}
	reason := article.ChangeReason(h.text("change_reason"))
	r.down, r.left = reason == article.FromTakedown, reason == article.FromTopic && r.change == string(article.Removed)
	switch version := h.text("schema_version"); {
	case version != h.version:
		return head{}, fmt.Errorf("schema_version %q, expected %q", version, h.version)
	case r.source == "" || r.revision < 1 || !strings.HasPrefix(r.id, article.ID(r.source, "")):
		return head{}, fmt.Errorf("article_id %q, source %q or revision %d is missing or wrong", r.id, r.source, r.revision)
	}
	return r, nil
}

func (h *headReader) value(column string) parquet.Value { return h.scanner.values[h.leaf[column]][0] }

func (h *headReader) text(column string) string { return string(h.value(column).ByteArray()) }
