package transport

import (
	"testing"
	"time"
)

func TestRobotsRules(t *testing.T) {
	t.Parallel()
	const everyone = "User-agent: *\n"
	for name, c := range map[string]struct {
		robots string
		yes    []string
		no     []string
	}{
		"empty":                      {"", []string{"/", "/a"}, nil},
		"a web page":                 {"<!doctype html><html><body>\n<p>Trang chủ: tin mới</p>", []string{"/a"}, nil},
		"nothing forbidden":          {everyone + "Disallow:\n", []string{"/a"}, nil},
		"everything forbidden":       {everyone + "Disallow: /", nil, []string{"/", "/a"}},
		"longest match, allow":       {everyone + "Disallow: /\nAllow: /tin/\n", []string{"/tin/a"}, []string{"/a"}},
		"longest match, disallow":    {everyone + "Allow: /tin/\nDisallow: /tin/an/", []string{"/tin/a"}, []string{"/tin/an/a"}},
		"as long: allow":             {everyone + "Disallow: /tin\nAllow: /tin", []string{"/tin"}, nil},
		"as long, the other order":   {everyone + "Allow: /tin\nDisallow: /tin", []string{"/tin"}, nil},
		"the query counts":           {everyone + "Disallow: /tim?q=", []string{"/tim", "/tim?p=1"}, []string{"/tim?q=a"}},
		"star":                       {everyone + "Disallow: /*/in/*.html", []string{"/in/a.html", "/a/in/a"}, []string{"/a/b/in/c.html?x"}},
		"end":                        {everyone + "Disallow: /\nAllow: /$", []string{"/"}, []string{"/a", "/a/"}},
		"star and end":               {everyone + "Disallow: /*.pdf$", []string{"/a.pdf?x"}, []string{"/a.pdf", "/.pdf/b.pdf"}},
		"raw UTF-8 in the file":      {everyone + "Disallow: /tìm", nil, []string{"/t%C3%ACm", "/t%c3%acm"}},
		"encoded in the file":        {everyone + "Disallow: /%74in/", []string{"/t"}, []string{"/tin/a"}},
		"an encoded slash is not /":  {everyone + "Disallow: /a/b", []string{"/a%2Fb"}, nil},
		"no slash in front":          {everyone + "Disallow: rieng/", []string{"/"}, []string{"/rieng/a"}},
		"our own group":              {everyone + "Disallow: /\n\nUser-agent: Attache\nDisallow: /rieng/", []string{"/a"}, []string{"/rieng/"}},
		"our groups together":        {"User-agent: attache\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: attache/1.0\nDisallow: /b", []string{"/c"}, []string{"/a", "/b"}},
		"a group of several":         {"User-agent: x\nUser-agent: attache\nDisallow: /a\n" + everyone + "Disallow: /b", []string{"/b"}, []string{"/a"}},
		"a sitemap line between":     {"User-agent: attache\nSitemap: https://news.example.com/s.xml\nUser-agent: x\nDisallow: /a", nil, []string{"/a"}},
		"a sitemap line after":       {"User-agent: attache\nDisallow: /b\nSitemap: https://news.example.com/s.xml\nUser-agent: x\nDisallow: /a", []string{"/a"}, []string{"/b"}},
		"another whose name begins":  {"User-agent: attache-images\nDisallow: /\n", []string{"/a"}, nil},
		"a delay that is none":       {everyone + "Crawl-delay: 5s\nDisallow: /a", []string{"/b"}, []string{"/a"}},
		"a rule before any group":    {"Disallow: /\n" + everyone + "Disallow: /a", []string{"/b"}, []string{"/a"}},
		"mark, comments, old breaks": {"\ufeffUser-agent: * # all\rDisallow: /a # this\r", []string{"/b"}, []string{"/a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules := readRules(c.robots, "attache/0.9 (+desk@example.org)")
			for _, path := range c.yes {
				if !rules.allow(path) {
					t.Errorf("forbids %s", path)
				}
			}
			for _, path := range c.no {
				if rules.allow(path) {
					t.Errorf("allows %s", path)
				}
			}
		})
	}
}

func TestCrawlDelay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 10":                                       10 * time.Second,
		"User-agent: *\nCrawl-delay: 0.5":                                      500 * time.Millisecond,
		"User-agent: *\nCrawl-delay: -3":                                       0,
		"User-agent: *\nCrawl-delay: NaN":                                      0,
		"User-agent: *\nCrawl-delay: soon":                                     0,
		"User-agent: *\nCrawl-delay: 9\nUser-agent: attache\nCrawl-delay: 2.5": 2500 * time.Millisecond,
	} {
		if got := readRules(text, "attache/1").delay; got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
	if readRules("User-agent: *\nCrawl-delay: 1e300", "attache").delay < maxCrawlDelay {
		t.Error("an endless delay became a short one")
	}
}
