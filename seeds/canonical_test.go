package seeds_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"attache/seeds"
)

// spelled is a source with every rule of spelling there is.
func spelled(t testing.TB, rule string) *seeds.Source {
	t.Helper()
	s, err := seeds.Parse("x.yaml", []byte(`
id: x
name: X
home: https://x.example/
language: vi
timezone: Asia/Ho_Chi_Minh
schedule: "@hourly"
discover: [{feed: https://x.example/rss}]
article_url: '^https?://x\.example/[^/?]+-(?P<id>\d+)\.html(?:\?.*)?$'
rules: [{evidence: inferred, title: [h1], body: [article]}]
`+rule))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const strictRule = `
canonical:
  hosts: {m.x.example: x.example, amp.x.example: x.example}
  https: true
  cut: ['^/\(X\(1\)S\([^()]*\)\)', ';v=\d+']
  query: [p, q]
`

func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, address, want string }{
		{"", "https://x.example/a-1.html", "https://x.example/a-1.html"},
		{"", " HTTPS://ban%20doc:mat-khau@X.Example.:443/a-1.html#binh-luan\n", "https://x.example/a-1.html"},
		{"", "https:\\\\x.example\\a-1.html", "https://x.example/a-1.html"},
		{"", "http://x.example:80/a-1.html", "http://x.example/a-1.html"},
		{"", "http://x.example:8080/a-1.html", "http://x.example:8080/a-1.html"},
		{"", "https://x.example", "https://x.example/"},
		{"", "https://x.example/b/../a-1.html/./", "https://x.example/a-1.html/"},
		{"", "https://x.example/%41%2d%7e%e4%bf%83.html", "https://x.example/A-~%E4%BF%83.html"},
		{"", "https://x.example/促.html", "https://x.example/%E4%BF%83.html"},
		{"", "https://x.example/%2F%25%zz.html", "https://x.example/%2F%25%zz.html"},
		{"", "https://x.example/%252e%252e/a", "https://x.example/%252e%252e/a"},
		{"", "https://báo.example/a", "https://xn--bo-mia.example/a"},
		{"", "https://x.example//a//b", "https://x.example//a//b"},
		{"", "https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"},
		{"", "https://x.example/a?", "https://x.example/a"},
		{"", "https://x.example/a?utm_source=zalo&utm_Medium=x", "https://x.example/a"},
		{"", "https://x.example/a?id=7&fbclid=1&zarsrc=30&b=&&c", "https://x.example/a?id=7&b=&c"},
		{"", "https://x.example/a?%75tm_source=x&gclid=2&q=%c3%a1+b", "https://x.example/a?q=%C3%A1+b"},
		{"", "https://x.example/a?utmost=1&gclida=2&page=3", "https://x.example/a?utmost=1&gclida=2&page=3"},
		{strictRule, "http://m.x.example/(X(1)S(abc123))/a-1.html;v=2?page=2&q=x#y", "https://x.example/a-1.html?q=x"},
		{strictRule, "http://amp.x.example:8080/(X(1)S(a))/(X(1)S(b))/a-1.html", "http://x.example:8080/a-1.html"},
		{strictRule, "https://www.x.example/a?q=1&p=2&q=3", "https://www.x.example/a?q=1&p=2&q=3"},
		{"canonical: {query: []}", "https://x.example/a?q=1", "https://x.example/a"},
		{"canonical: {cut: ['/x']}", "https://x.example//xx/x", "https://x.example/"},
	} {
		got, err := spelled(t, c.rule).Canonical(c.address)
		if err != nil || got != c.want {
			t.Errorf("%q: got %q, %v; want %q", c.address, got, err, c.want)
		}
	}
}

func TestNotCanonical(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "/a-1.html", "a", "//x.example/a", "javascript:more()", "mailto:ban@x.example", "ftp://x.example/a", "file:///etc/passwd",
		"https://", "https://.", "https://x y/", "https://x.example:99999/", "https://1.2.3.400/", "https://%00/", "https://x.example/" + strings.Repeat("a", 9<<10),
	} {
		if got, err := spelled(t, "").Canonical(address); err == nil {
			t.Errorf("%.60q passes as %.60q", address, got)
		}
	}
}

// TestSpellingsOfOneArticle: identity does not depend on how an address is written.
func TestSpellingsOfOneArticle(t *testing.T) {
	t.Parallel()
	s := spelled(t, strictRule)
	for _, address := range []string{
		"https://x.example/tau-tham-cang-7.html",
		"http://x.example./tau-tham-cang-7.html?utm_source=rss#doc",
		"https://M.X.example:443/tau%2Dtham%2dcang-%37.html",
		"https://amp.x.example/(X(1)S(h4xk))/tau-tham-cang-7.html?AspxAutoDetectCookieSupport=1",
	} {
		if id, _ := s.Identify(address); id != "x:7" {
			t.Errorf("%s is %q", address, id)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		"https://x.example/a-1.html?utm_source=a&b=%41#c", "http://m.x.example/(X(1)S(a))/(X(1)S(b))/..;v=1/%2e%2e/%zz",
		"https://u:p@[::1]:80/..//\\a?&&=&%26=%3d", "HTTPS:/x.example.../%E1%BB%9F;v=;v=11", "https://xn--a/\u200d", "https://x.example/?q=\xff%ff",
	} {
		f.Add(seed)
	}
	plain, strict := spelled(f, ""), spelled(f, strictRule)
	f.Fuzz(func(t *testing.T, address string) {
		for _, s := range []*seeds.Source{plain, strict} {
			once, err := s.Canonical(address)
			if err != nil {
				continue
			}
			if twice, err := s.Canonical(once); err != nil || twice != once {
				t.Errorf("%q is %q, and that %q, %v", address, once, twice, err)
			}
			if u, err := url.Parse(once); !utf8.ValidString(once) || err == nil && (u.User != nil || u.Fragment != "" || u.Host == "") {
				t.Errorf("%q is %q", address, once)
			}
		}
	})
}
