package parse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime/metrics"
	"time"

	"github.com/PuerkitoBio/goquery"

	"attache/internal/charset"
)

// ErrNotHTML is returned for a page that is something else, such as an image or JSON.
var ErrNotHTML = errors.New("not an HTML page")

// ErrTooCostly is returned for a page that takes too much time or memory to
// parse. The HTML standard lets a small page cost without bound: each paragraph
// repeats all formatting left open before it, each further <body> compares all
// attributes so far.
var ErrTooCostly = errors.New("the page takes too much time or memory to parse")

// budget is what parsing one page may cost; honest ones take milliseconds.
type budget struct {
	time time.Duration
	heap uint64 // bytes by which the whole program's heap may grow meanwhile
}

var enough = budget{time: 10 * time.Second, heap: 1 << 30}

// document decodes and parses the page. Documents nested deeper than the
// parser's limit of 512 elements are refused by it.
func document(page Page) (*goquery.Document, error) {
	text, err := charset.ToUTF8(page.Body, page.ContentType)
	if err != nil {
		return nil, err
	}
	if head := bytes.TrimSpace(text); len(head) == 0 || head[0] != '<' && !bytes.Contains(text, []byte("<p")) {
		return nil, fmt.Errorf("%w: it begins with %.20q", ErrNotHTML, head)
	}
	return tree(text, enough)
}

func tree(text []byte, may budget) (*goquery.Document, error) {
	meter := &meter{Reader: bytes.NewReader(text), until: time.Now().Add(may.time), heap: heap() + may.heap}
	doc, err := goquery.NewDocumentFromReader(meter)
	if err != nil {
		return nil, fmt.Errorf("parse HTML: %w", err)
	}
	return doc, nil
}

// meter gives out no more when the budget is spent. The parser reads a few
// kilobytes at a time and works on each before it asks for more.
type meter struct {
	io.Reader
	until time.Time
	heap  uint64
}

func (m *meter) Read(p []byte) (int, error) {
	if time.Now().After(m.until) || heap() > m.heap {
		return 0, ErrTooCostly
	}
	return m.Reader.Read(p)
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
