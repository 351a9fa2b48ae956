package newsroom

import (
	"net/http"
	"strings"
)

// wall is a page that stands before the one asked for. The marks are those the
// products are known by; the words around them are the newsroom's own.
type wall struct {
	status int
	header []string // names and values by turns
	html   string   // HOST is where it stands
}

func (w wall) page(host string) string { return strings.ReplaceAll(w.html, "HOST", host) }

var walls = map[string]wall{
	"cloudflare": {http.StatusForbidden, []string{"Cf-Mitigated", "challenge", "Server", "cloudflare", "Cf-Ray", "9a1b2c3d4e5f6071-SIN"}, `<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="360"></head>
<body><div class="main-wrapper" role="main"><h1 class="zone-name-title">HOST</h1><p>HOST wants to see that you are a person before it goes on.</p>
<noscript><div id="challenge-error-text">Enable JavaScript and cookies to continue</div></noscript></div>
<script>window._cf_chl_opt = {cZone: 'HOST', cType: 'managed', cRay: '9a1b2c3d4e5f6071'};
var a = document.createElement('script'); a.src = '/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=9a1b2c3d4e5f6071'; document.head.appendChild(a);</script></body></html>
`},
	"consent": {http.StatusOK, nil, `<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>HOST</title><meta name="robots" content="noindex"></head>
<body><div class="consent-interstitial"><h1>HOST</h1><p>Trang này dùng cookie. Bạn cần đồng ý trước khi đọc tiếp.</p><p>This site uses cookies. You must accept them before you read on.</p>
<form method="post" action="/consent"><input type="hidden" name="return" value="/"><button type="submit">Nhấn để tiếp tục / Click to continue</button></form></div></body></html>
`},
	"javascript": {http.StatusServiceUnavailable, nil, `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>HOST</title></head>
<body><noscript>Please enable JavaScript and cookies to continue to HOST.</noscript>
<script>var n = 0; for (var i = 0; i < 4096; i++) { n = (n * 31 + i) % 65521; } document.cookie = 'visitor=' + n + '; path=/'; location.reload();</script></body></html>
`},
}
