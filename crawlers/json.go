package crawlers

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"attache/internal/charset"
	"attache/seeds"
)

const pageNumber = "{page}"

// json reads a JSON list, whose pages may be numbered or name each the next.
func (r *reader) json(address string, l *seeds.JSONList) error {
	n := 1
	numbered := func(n int) string { return strings.ReplaceAll(address, pageNumber, strconv.Itoa(n)) }
	return r.walk(numbered(n), l.StopAfterKnown, l.MaxPages,
		func(page Page) (leaf, error) {
			out, more, err := r.document(page, l)
			if n++; strings.Contains(address, pageNumber) && len(out.items) > 0 && (l.Next == "" || more) {
				out.next, out.ours = numbered(n), true
			}
			return out, err
		},
		func(address string) (Page, error) { return r.get(address, "application/json, */*;q=0.5", l.Header()) })
}

// document reads one page of a JSON list; more tells what stands at its next path.
func (r *reader) document(page Page, l *seeds.JSONList) (out leaf, more bool, err error) {
	text, err := charset.ToUTF8(page.Body, page.ContentType)
	if err != nil {
		return out, false, fmt.Errorf("%s: %w", page.URL, err)
	}
	if !json.Valid(text) { // gjson reads rubbish as if it were not, and goes as deep as it leads
		return out, false, fmt.Errorf("%s is no JSON: %.60q", page.URL, text)
	}
	doc := gjson.ParseBytes(text)
	items := at(doc, l.Items)
	if !items.IsArray() {
		return out, false, fmt.Errorf("%s: %q names no list in it; has the document a new shape?", page.URL, l.Items)
	}
	items.ForEach(func(_, item gjson.Result) bool {
		out.items = append(out.items, Listed{
			URL:       resolve(r.source.Home, at(item, l.Link).String()),
			Title:     words(at(item, l.Title).String()),
			Published: r.when(at(item, l.Published), l.Layouts),
			Modified:  r.when(at(item, l.Modified), l.Layouts),
		})
		return len(out.items) <= maxEntries // one too many is told
	})
	if len(out.items) > 0 && !anyLink(out.items) {
		return out, false, fmt.Errorf("%s: no entry has an address at %q; has the document a new shape?", page.URL, l.Link)
	}
	next := at(doc, l.Next)
	if next.Type == gjson.String && !strings.Contains(r.step.Address(), pageNumber) {
		out.next = resolve(page.URL, next.String())
	}
	return out, truth(next), nil
}

// at is the value a path leads to; nothing when the source names no path.
func at(v gjson.Result, path string) gjson.Result {
	if path == "" {
		return gjson.Result{}
	}
	return v.Get(path)
}

func anyLink(items []Listed) bool {
	for _, l := range items {
		if l.URL != "" {
			return true
		}
	}
	return false
}

// truth is how a script would take the value.
func truth(v gjson.Result) bool {
	switch v.Type {
	case gjson.True:
		return true
	case gjson.Number:
		return v.Num != 0
	case gjson.String:
		return v.Str != "" && v.Str != "0" && v.Str != "false"
	case gjson.JSON:
		return len(v.Raw) > len("[]") // neither [] nor {}
	default:
		return false
	}
}

// ticks is how some servers of Microsoft's write a time: /Date(1786939764000)/.
var ticks = regexp.MustCompile(`^(?:/Date\()?(\d{9,14})(?:[+-]\d{4})?(?:\)/)?$`)

// when reads a date in words, or seconds or milliseconds since 1970.
func (r *reader) when(v gjson.Result, layouts []string) time.Time {
	if v.Type == gjson.Number {
		return epoch(v.Int())
	}
	text := strings.TrimSpace(v.String())
	if m := ticks.FindStringSubmatch(text); m != nil {
		n, _ := strconv.ParseInt(m[1], 10, 64) // fourteen digits fit
		return epoch(n)
	}
	return moment(text, r.source.Zone, layouts...)
}
