package newsroom

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Fault is one word of the vocabulary of scenarios and requests.
type Fault struct {
	Name    string
	Example string // a value; empty where none is needed
	About   string // what it does, in one line
}

// fault is a Fault with what reads its value: into trouble, or into a deed.
type fault struct {
	name, example, about string
	read                 func(value string) (func(*trouble), *deed, error)
}

// trouble is what one request meets.
type trouble struct {
	status        int
	retryAfter    string
	slowHeader    time.Duration
	slowBody      time.Duration
	reset         bool
	truncated     bool
	truncatedGzip bool
	bomb          string // its content coding
	bombSize      int64
	charset       string // where it is wrong: header or meta
	redirect      string
	loop          bool
	notModified   bool
	layout        string // classes or bare
	challenge     string
	big           int64
	items         int
	rebind        netip.Addr
	garbage       bool
	empty         bool
}

var vocabulary = []fault{
	{"status", "503", "answers with this status and a short error page", number(100, 599, func(t *trouble, n int) { t.status = n })},
	{"retry_after", "30", "sends Retry-After: seconds, or +90s for an HTTP date that far ahead, or any text as it is", given(func(t *trouble, v string) error {
		t.retryAfter = v
		return nil
	})},
	{"slow_header", "5s", "waits so long before the first byte", wait(func(t *trouble, d time.Duration) { t.slowHeader = d })},
	{"slow_body", "5s", "drips the body over so long", wait(func(t *trouble, d time.Duration) { t.slowBody = d })},
	{"reset", "", "resets the TCP connection in place of an answer", flag(func(t *trouble) { t.reset = true })},
	{"truncated", "", "promises the whole body and ends the connection after half of it", flag(func(t *trouble) { t.truncated = true })},
	{"truncated_gzip", "", "sends half of a gzip stream as if it were all", flag(func(t *trouble) { t.truncatedGzip = true })},
	{"gzip_bomb", "10GiB", "sends a gzip stream that unpacks to so much", bomb("gzip")},
	{"br_bomb", "10GiB", "sends a brotli stream that unpacks to so much", bomb("br")},
	{"zstd_bomb", "10GiB", "sends a zstd stream that unpacks to so much", bomb("zstd")},
	{
		"charset", "header", "declares a charset the page is not in: header (the meta is right) or meta (the header has none)",
		choice(func(t *trouble, v string) { t.charset = v }, "header", "meta"),
	},
	{"redirect_loop", "", "redirects in a circle of two addresses", flag(func(t *trouble) { t.loop = true })},
	{"redirect", "http://169.254.169.254/", "redirects there", given(func(t *trouble, v string) (err error) {
		_, err = url.Parse(v)
		t.redirect = v
		return err
	})},
	{"not_modified", "", "answers 304, asked conditionally or not", flag(func(t *trouble) { t.notModified = true })},
	{
		"layout", "classes", "redesigns the page: other classes, ids and elements, the same text; bare: without metadata too",
		choice(func(t *trouble, v string) { t.layout = v }, "classes", "bare"),
	},
	{
		"challenge", "cloudflare", "answers with a wall: cloudflare (403), javascript (503) or consent (200)",
		choice(func(t *trouble, v string) { t.challenge = v }, sortedKeys(walls)...),
	},
	{"big", "100MB", "makes a page of so many bytes, and does not say so before", size(func(t *trouble, n int64) { t.big = n })},
	{"feed_items", "100000", "makes the feed or sitemap so long, with made-up links", number(1, 10_000_000, func(t *trouble, n int) { t.items = n })},
	{"dns_rebind", "1.2.3.4", "has the DNS name this address when first asked, and loopback after; of a host, for tests that ask the newsroom's own DNS", given(func(t *trouble, v string) (err error) {
		if t.rebind, err = netip.ParseAddr(v); err != nil {
			return fmt.Errorf("%q: write an IP address", v)
		}
		return nil
	})},
	{"garbage", "", "sends random bytes as if they were the page", flag(func(t *trouble) { t.garbage = true })},
	{"empty", "", "answers 200 and nothing", flag(func(t *trouble) { t.empty = true })},
	{"gone", "", "answers 410 for good", flag(func(t *trouble) { t.status = http.StatusGone })},

	{"advance", "2h", "lets time pass in the edition: embargoed stories come out", func(value string) (func(*trouble), *deed, error) {
		var d time.Duration
		err := span(value, &d)
		return nil, &deed{do: func(r *Room, _ string) error { return r.advance(d) }}, err
	}},
	{"publish", "vtcnews 3", "brings out so many further stories of a source", func(value string) (func(*trouble), *deed, error) {
		source, text, _ := strings.Cut(value, " ")
		n := 0
		err := count(text, &n)
		return nil, &deed{do: func(r *Room, _ string) error { return r.publish(source, n) }}, err
	}},
	{"correct", "old words => new words", "corrects the body of the article, which then says it was modified", func(value string) (func(*trouble), *deed, error) {
		before, after, found := strings.Cut(value, " => ")
		if !found {
			return nil, nil, fmt.Errorf("%q: write the old words, => and the new ones", value)
		}
		return nil, &deed{article: true, do: func(r *Room, at string) error { return r.correct(at, before, after) }}, nil
	}},
	{"withdraw", "410", "takes the article out of all lists; its page answers 404 or 410", func(value string) (func(*trouble), *deed, error) {
		status, err := strconv.Atoi(value)
		if err != nil || !serves(status) {
			return nil, nil, fmt.Errorf("%q: write 404 or 410", value)
		}
		return nil, &deed{article: true, do: func(r *Room, at string) error { return r.withdraw(at, status) }}, nil
	}},
	{"restore", "", "undoes withdraw", func(value string) (func(*trouble), *deed, error) {
		return nil, &deed{article: true, do: func(r *Room, at string) error { return r.restore(at) }}, yes(value)
	}},
}

// Faults is the whole vocabulary.
func Faults() []Fault {
	var all []Fault
	for _, f := range vocabulary {
		all = append(all, Fault{f.name, f.example, f.about})
	}
	return all
}

func faultNames() []string {
	var names []string
	for _, f := range vocabulary {
		names = append(names, f.name)
	}
	return names
}

// readFault reads name, name=value or name:value.
func readFault(text string) (func(*trouble), *deed, error) {
	name, value := text, ""
	if i := strings.IndexAny(text, "=:"); i >= 0 {
		name, value = text[:i], text[i+1:]
	}
	name = strings.TrimSpace(name)
	i := slices.IndexFunc(vocabulary, func(f fault) bool { return f.name == name })
	if i < 0 || name == "dns_rebind" {
		return nil, nil, fmt.Errorf("newsroom: a request cannot ask for %q; it can for %s", name, strings.Join(faultNames(), ", "))
	}
	set, deed, err := vocabulary[i].read(strings.TrimSpace(value))
	if err != nil {
		return nil, nil, fmt.Errorf("newsroom: %s: %w", name, err)
	}
	return set, deed, nil
}

type reader = func(string) (func(*trouble), *deed, error)

// given reads a value by assigning it once for a trial.
func given(set func(*trouble, string) error) reader {
	return func(value string) (func(*trouble), *deed, error) {
		if value == "" {
			return nil, nil, fmt.Errorf("a value is missing")
		}
		return func(t *trouble) { _ = set(t, value) }, nil, set(&trouble{}, value) // an error ends here
	}
}

func number(least, most int, set func(*trouble, int)) reader {
	return given(func(t *trouble, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > most {
			return fmt.Errorf("%q: write a number from %d to %d", value, least, most)
		}
		set(t, n)
		return nil
	})
}

func wait(set func(*trouble, time.Duration)) reader {
	return given(func(t *trouble, value string) error {
		var d time.Duration
		err := span(value, &d)
		set(t, d)
		return err
	})
}

func size(set func(*trouble, int64)) reader {
	return given(func(t *trouble, value string) error {
		n, err := humanize.ParseBytes(value)
		if err != nil || n == 0 || n > 1<<50 {
			return fmt.Errorf("%q: write a size such as 100MB or 10GiB", value)
		}
		set(t, int64(n))
		return nil
	})
}

func bomb(coding string) reader {
	return size(func(t *trouble, n int64) { t.bomb, t.bombSize = coding, n })
}

// choice takes the first of its words for a value left out.
func choice(set func(*trouble, string), words ...string) reader {
	return func(value string) (func(*trouble), *deed, error) {
		if yes(value) == nil {
			value = words[0]
		}
		if !slices.Contains(words, value) {
			return nil, nil, fmt.Errorf("%q: write one of %s", value, strings.Join(words, ", "))
		}
		return func(t *trouble) { set(t, value) }, nil, nil
	}
}

func flag(set func(*trouble)) reader {
	return func(value string) (func(*trouble), *deed, error) { return set, nil, yes(value) }
}

func yes(value string) error {
	if value != "" && value != "true" {
		return fmt.Errorf("%q: write true, or leave the line out", value)
	}
	return nil
}
