package transport

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// article is a real page of so many sentences.
func article(head string, sentences int, foot string) string {
	return `<!doctype html><html lang="vi"><head><title>Hai nước ký thỏa thuận hợp tác quốc phòng</title>` + head + `</head><body>
<nav><a href="/">Trang chủ</a> <a href="/quoc-phong">Quốc phòng</a></nav><h1>Hai nước ký thỏa thuận hợp tác quốc phòng</h1>` +
		strings.Repeat("<p>Bộ trưởng hai bên đã gặp nhau tại thủ đô và bàn về huấn luyện chung trong năm tới.</p>\n", sentences) + foot + `</body></html>`
}

const (
	beacon = `<script>(function(){var a=document.createElement('script');window.__CF$cv$params={r:'8f0',t:'MTc='};` +
		`a.src='/cdn-cgi/challenge-platform/h/g/scripts/jsd/main.js';document.head.appendChild(a);})();</script>`
	mentions = `<p>Trang chặn ghi "Just a moment..." và "Enable JavaScript and cookies to continue"; người đọc phải "click to continue", ` +
		`mã là _cf_chl_opt, px-captcha, captcha-delivery.com và "Incapsula incident ID".</p>`
)

func TestWalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		page   string
		seen   string // "" for a page
	}{
		"Cloudflare, waiting": {403, `<!DOCTYPE html><html><head><title>Just a moment...</title><meta http-equiv="refresh" content="390"></head><body><noscript>Enable JavaScript and cookies to continue</noscript>` +
			`<script>(function(){window._cf_chl_opt={cvId:'3'};var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8';}());</script></body></html>`, "Cloudflare"},
		"Cloudflare, in another language": {503, `<html><head><title>Chờ một chút…</title></head><body><script>window._cf_chl_opt={}</script></body></html>`, "_cf_chl_opt"},
		"Cloudflare, blocked": {403, `<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1>` +
			strings.Repeat("<p>This website uses a service to protect itself from online attacks.</p>", 60) + `</body></html>`, "attention required"},
		"Cloudflare, old":  {503, `<html><body><div class="cf-browser-verification">Checking your browser before you go on</div></body></html>`, "cf-browser-verification"},
		"Cloudflare, 200":  {200, `<html><title>Just a moment...</title><body></body></html>`, "just a moment"},
		"DDoS-Guard":       {403, `<html><head><title>DDoS-Guard</title></head><body><script src="/.well-known/ddos-guard/js-challenge/index.js"></script></body></html>`, "DDoS-Guard"},
		"Sucuri":           {403, `<html><head><title>Sucuri WebSite Firewall - Access Denied</title></head><body><h2>Access Denied</h2></body></html>`, "Sucuri"},
		"Sucuri, a script": {200, `<html><title>You are being redirected...</title><script>sucuri_cloudproxy_js='';S='cz0x';eval(S);</script></html>`, "sucuri_cloudproxy_js"},
		"Imperva":          {200, `<html><head><META NAME="robots" CONTENT="noindex"></head><body><iframe src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful. Incapsula incident ID: 12-34</iframe></body></html>`, "Imperva"},
		"DataDome":         {403, `<html><head><title>news.example.com</title></head><body><p id="cmsg">Please enable JS and disable any ad blocker</p><script>var dd={'host':'geo.captcha-delivery.com'}</script></body></html>`, "DataDome"},
		"HUMAN":            {403, `<html><head><title>Access to this page has been denied</title></head><body><div id="px-captcha"></div><p>Press and hold</p></body></html>`, "HUMAN"},
		"Akamai":           {403, "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\nYou don't have permission to access \"http&#58;&#47;&#47;news&#46;example&#46;com\" on this server.<P>\nReference&#32;&#35;18&#46;5d\n</BODY></HTML>", "Akamai"},
		"Akamai, a script": {200, `<html><head><meta http-equiv="refresh" content="5; URL='/?bm-verify=AAQ'"></head><body></body></html>`, "Akamai"},
		"AWS":              {202, `<html><body><script>window.gokuProps={"key":"a"};AwsWafIntegration.checkForceRefresh().then(function(){})</script></body></html>`, "AWS WAF"},
		"a cookie":         {200, `<html><body><script>document.cookie="D1N=4a7"+"; path=/";window.location.reload(true);</script></body></html>`, "sets a cookie"},
		"a cookie, other":  {200, `<html><head><meta http-equiv="refresh" content="0"><script>document['cookie'] = 'k=v'</script></head></html>`, "sets a cookie"},
		"says it in en":    {200, `<html><body><p>Please enable JavaScript and cookies to continue.</p></body></html>`, "it says"},
		"says it in vi":    {403, `<html><body><p>Vui lòng bật   JavaScript để xem trang này.</p></body></html>`, "it says"},
		"says it in zh":    {200, `<html><body><p>请启用 JavaScript 和 Cookie 后继续访问。</p></body></html>`, "it says"},
		"says it in ar":    {200, `<html><body><p>يرجى تمكين JavaScript وملفات تعريف الارتباط للمتابعة</p></body></html>`, "it says"},
		"says it in ru":    {200, `<html><body><p>Включите JavaScript, чтобы продолжить</p></body></html>`, "it says"},
		"says it in fr":    {200, `<html><body><p>Veuillez activer JavaScript et les cookies</p></body></html>`, "it says"},
		"says it in es":    {200, `<html><body><p>Habilite JavaScript y las cookies para continuar</p></body></html>`, "it says"},
		"a click":          {200, `<html><body><a href="/tin">Nhấn vào đây để tiếp tục</a></body></html>`, "it says"},
		"consent":          {200, `<html><title>Your choice</title><body><p>We value your privacy</p><button>Accept all</button></body></html>`, "it says"},

		"an article":                       {200, article("", 30, ""), ""},
		"a short one":                      {200, article("", 1, ""), ""},
		"with Cloudflare's beacon":         {200, article("", 2, beacon), ""},
		"that mentions walls":              {200, article("", 30, mentions), ""},
		"a short one that mentions walls":  {200, article("", 6, mentions), ""},
		"a flash that mentions walls":      {200, article(`<meta property="og:type" content="article">`, 1, mentions), ""},
		"titled like a wall":               {200, strings.Replace(article("", 30, ""), "Hai nước ký thỏa thuận hợp tác quốc phòng</title>", "Just a moment...</title>", 1), ""},
		"a photo, comments by script":      {200, article(`<script type="application/ld+json">{"@type":"NewsArticle"}</script>`, 1, `<noscript>Please enable JavaScript to view the comments.</noscript>`), ""},
		"a script for everything":          {200, `<html><head><meta property="og:title" content="Bản đồ"></head><body><div id="app"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>`, ""},
		"an empty one":                     {200, "", ""},
		"only a script":                    {200, `<html><body><div id="root"></div><script src="/app.js"></script></body></html>`, ""},
		"a redirect by meta":               {200, `<html><head><meta http-equiv="refresh" content="0; url=/tin-8.html"></head></html>`, ""},
		"counts visits, goes nowhere":      {200, `<html><body><script>if(document.cookie==""){document.cookie="a=b"}</script></body></html>`, ""},
		"an ordinary 403":                  {403, `<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1><p>You don't have permission to access /tin on this server.</p></body></html>`, ""},
		"an ordinary 404":                  {404, `<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>`, ""},
		"an ordinary 503":                  {503, `<html><head><title>503</title></head><body>Bảo trì hệ thống</body></html>`, ""},
		"long, with a sensor in its head":  {200, article(`<script>`+strings.Repeat("var a=1;", 9000)+`;/*_cf_chl_opt*/</script>`, 30, ""), ""},
		"a quoted wall in an attribute":    {200, article(`<meta name="description" content="Click to continue, it says">`, 1, ""), ""},
		"an article about Access Denied":   {200, strings.ReplaceAll(article("", 8, ""), "Hai nước ký thỏa thuận hợp tác quốc phòng", "Access Denied"), ""},
		"a page that is not closed <scrip": {200, `<html><body><p>Tin vắn<script>document.cookie`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wall(c.status, []byte(c.page[:min(len(c.page), maxHead)]), len(c.page) < maxHead)
			if c.seen == "" && got != "" || !strings.Contains(got, c.seen) {
				t.Errorf("%q, want %q", got, c.seen)
			}
		})
	}
}

func TestWallsByHeader(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ address, name, value, seen string }{
		{home, "cf-mitigated", "challenge", "cf-mitigated: challenge"},
		{home, "x-amzn-waf-action", "captcha", "x-amzn-waf-action: captcha"},
		{home, "cf-ray", "8f0", ""},
		{"https://consent.example.com/m?continue=a", "", "", "a consent page at consent.example.com"},
		{"https://consentnews.example.com/", "", "", ""},
	} {
		h := make(http.Header)
		if c.name != "" {
			h.Set(c.name, c.value)
		}
		if got := wallByHeader(mustParse(t, c.address), h); got != c.seen {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// TestChallenge is an error, and the host is left in peace as after a 429.
func TestChallenge(t *testing.T) {
	t.Parallel()
	const page = `<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>`
	html := func(status int, page string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, page)
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		status int
		least  time.Duration
	}{
		"200":                {html(200, page), 200, time.Minute},
		"403":                {html(403, page), 403, time.Minute},
		"429":                {html(429, page), 429, time.Minute},
		"503, it says":       {html(503, page, "Retry-After", "600"), 503, 10 * time.Minute},
		"403, it says":       {html(403, page, "Retry-After", "600"), 403, 10 * time.Minute},
		"500":                {html(500, page), 500, time.Minute},
		"by header, a feed":  {html(403, "<rss/>", "Content-Type", "text/xml", "Cf-Mitigated", "challenge"), 403, time.Minute},
		"before robots.txt":  {nil, 403, time.Minute},
		"compressed on wire": {html(403, page, "X-Sucuri-Block", "1"), 403, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				answer := open(c.answer)
				if c.answer == nil {
					answer = html(403, page)
				}
				r := plug(t, answer)
				defer r.unplug()
				_, _, err := r.get(t.Context(), home)
				wall, ok := errors.AsType[*Challenge](err)
				if !ok || wall.Status != c.status || wall.Seen == "" {
					t.Fatalf("%v, %+v", err, wall)
				}
				before := len(r.Seen())
				_, _, err = r.get(t.Context(), home)
				q, ok := errors.AsType[*Quiet](err)
				if !ok || len(r.Seen()) != before {
					t.Fatalf("%v; %d requests", err, len(r.Seen())-before)
				}
				if wait := time.Until(q.Until); wait < c.least || wait > c.least+c.least/10 {
					t.Errorf("left in peace for %s", wait)
				}
			})
		})
	}
}

// TestLookingChangesNothing: the body comes whole, and breaks where it broke.
func TestLookingChangesNothing(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, maxHead - 1, maxHead, maxHead + 1, 3 * maxHead} {
		full := strings.Repeat("tin ", size/4+1)[:size]
		for _, broken := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				r := plug(t, open(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/html")
					_, _ = io.WriteString(w, full)
					if broken {
						_ = http.NewResponseController(w).Flush()
						panic(http.ErrAbortHandler)
					}
				}))
				defer r.unplug()
				_, got, err := r.get(t.Context(), home)
				if got != full || broken != errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%d bytes of %d, broken %t: %v", len(got), size, broken, err)
				}
			})
		}
	}
}

// TestFull: the quick look takes nothing for text that nobody sees.
func TestFull(t *testing.T) {
	t.Parallel()
	much := strings.Repeat("Bộ trưởng ", bare/8)
	for page, want := range map[string]bool{
		"":                                    false,
		"<p>" + much:                          true,
		much[:bare/2]:                         false,
		much + "<":                            true,
		"<!-- > " + much:                      false,
		"<!--" + much + "-->":                 false,
		"<script>a<b;//" + much + "</script>": false,
		"<SCRIPT type=x>" + much + "</Script >" + "<p>a": false,
		"<script>" + much:                     false,
		"<style>" + much + "</style>":         false,
		"<title>" + much + "</title>":         false,
		"<scripted>" + much:                   true,
		`<p title="a > ` + much + `">`:        false,
		"<p title='" + much:                   false,
		strings.Repeat("<b>a</b> \n", bare/2): false,
		strings.Repeat("<b>a</b> \n", bare):   true,
	} {
		if got := full([]byte(page)); got != want {
			t.Errorf("%.40q: %t", page, got)
		}
		if got := look([]byte(page)).size >= bare; got != want {
			t.Errorf("%.40q: the long look says %t", page, got)
		}
	}
}

func FuzzWall(f *testing.F) {
	f.Add(200, `<html><title>Just a moment...</title><script>document.cookie="a=b";location.reload()</script>`)
	f.Add(403, article("", 1, mentions+beacon))
	f.Add(503, "<title><script><!--<p>\x00\xff</title>")
	f.Fuzz(func(t *testing.T, status int, page string) {
		head := []byte(page)
		seen := wall(status, head, true)
		if string(head) != page {
			t.Error("the page was changed")
		}
		if len(seen) > 120 {
			t.Errorf("%d bytes are said of it", len(seen))
		}
		if look(head).size >= bare && status < 400 && seen != "" {
			t.Errorf("a page full of text is %q", seen)
		}
		full(head)
	})
}

func BenchmarkWall(b *testing.B) {
	page := []byte(article("<script>"+strings.Repeat("var a=1;", 2000)+"</script>", 100, beacon))
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		wall(200, page, true)
	}
}
