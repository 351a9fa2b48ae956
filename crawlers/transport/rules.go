package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// rules are what one robots.txt says to one crawler, by RFC 9309. A line that
// makes no sense is passed over: one slip must not hide the others.
type rules struct {
	lines []rule
	delay time.Duration // Crawl-delay; 0 when it has none

	sitemaps []string // as written; they stand outside the groups
	digest   string   // sha256 of the text, hex; empty when there is none
	until    time.Time
}

// fresh holds for rules that may still be believed.
func (r *rules) fresh(now time.Time) bool { return r != nil && now.Before(r.until) }

type rule struct {
	allow   bool
	pattern string // canonical; * is anything, $ at its end is the end of the address
}

// readRules reads the groups that name the product of userAgent, together; when
// there is none, those for everyone.
func readRules(text, userAgent string) *rules {
	var own, everyone rules
	var sitemaps []string
	var isOwn, isEveryone, named, inHead bool
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, _ := strings.Cut(line, ":")
		key, value = strings.ToLower(strings.Trim(key, " \t\ufeff")), strings.TrimSpace(value)
		if key == "user-agent" {
			if !inHead {
				isOwn, isEveryone, inHead = false, false, true
			}
			isOwn = isOwn || strings.EqualFold(product(value), product(userAgent))
			isEveryone = isEveryone || value == "*"
			named = named || isOwn
			continue
		}
		if key == "sitemap" && value != "" {
			sitemaps = append(sitemaps, value)
		}
		for _, group := range []struct {
			*rules
			applies bool
		}{{&own, isOwn}, {&everyone, isEveryone}} {
			if group.applies {
				group.take(key, value)
			}
		}
		inHead = inHead && key != "allow" && key != "disallow" && key != "crawl-delay"
	}
	in := &everyone
	if named {
		in = &own
	}
	in.sitemaps = sitemaps
	if sum := sha256.Sum256([]byte(text)); text != "" {
		in.digest = hex.EncodeToString(sum[:])
	}
	return in
}

func (r *rules) take(key, value string) {
	switch key {
	case "allow", "disallow":
		if value == "" {
			return // "Disallow:" forbids nothing
		}
		if value[0] != '/' && value[0] != '*' {
			value = "/" + value // a slip, and clear enough
		}
		r.lines = append(r.lines, rule{key == "allow", canonical(value)})
	case "crawl-delay":
		if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
			r.delay = time.Duration(min(seconds, math.MaxInt32) * float64(time.Second))
		}
	}
}

// allow says whether the longest pattern that matches is an Allow; of two as
// long it is. path is as sent, with its query.
func (r *rules) allow(path string) bool {
	path = canonical(path)
	allow, longest := true, -1
	for _, l := range r.lines {
		if n := len(l.pattern); n >= longest && l.matches(path) {
			allow = l.allow || n == longest && allow
			longest = n
		}
	}
	return allow
}

func (l rule) matches(path string) bool {
	pattern, toEnd := strings.CutSuffix(l.pattern, "$")
	parts := strings.Split(pattern, "*")
	path, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	for i, part := range parts[1:] {
		if toEnd && i == len(parts)-2 {
			return strings.HasSuffix(path, part)
		}
		if _, path, ok = strings.Cut(path, part); !ok {
			return false
		}
	}
	return !toEnd || path == ""
}

var token = regexp.MustCompile(`^[A-Za-z_-]*`)

// product is the name at the front of a User-Agent.
func product(userAgent string) string { return token.FindString(userAgent) }

// canonical writes the same address in one way: percent-encoded where it must
// be and nowhere else (RFC 9309 2.2.2). A percent sign that encodes nothing is
// encoded itself: else it could make an escape of what follows it.
func canonical(path string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c, encoded := path[i], false
		if c == '%' && i+2 < len(path) {
			if n, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				c, encoded = byte(n), true
				i += 2
			}
		}
		if strings.IndexByte(plain, c) >= 0 || !encoded && c > ' ' && c < 0x7f && c != '%' {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
