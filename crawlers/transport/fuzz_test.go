package transport

import (
	"strings"
	"testing"
)

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a$\nCrawl-delay: 1", "/a?b=%C3%ac")
	f.Add("User-agent: *\nDisallow: /a", "a/3%a%63%ac") // a stray % before an escape
	f.Add("\ufeffuser-agent:attache\rallow:*\r\ndisallow:/%", "/%2")
	f.Fuzz(func(t *testing.T, robots, path string) {
		rules := readRules(robots, "attache/1")
		if rules.delay < 0 {
			t.Errorf("delay %s", rules.delay)
		}
		if once := canonical(path); canonical(once) != once {
			t.Errorf("%q has two canonical forms: %q, %q", path, once, canonical(once))
		}
		if !strings.Contains(strings.ToLower(robots), "disallow") && !rules.allow(path) {
			t.Error("forbidden by nothing")
		}
	})
}
