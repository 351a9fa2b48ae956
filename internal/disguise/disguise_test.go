package disguise_test

import (
	"strings"
	"testing"

	"attache/internal/disguise"
)

// TestPage: markup, dates, addresses and kept phrases stay; no word does.
func TestPage(t *testing.T) {
	t.Parallel()
	page := `<html lang="vi"><head><title>Tàu thăm cảng</title><meta property="article:published_time" content="2026-11-20T08:00:00+07:00">
<meta name="description" content="Chỉ huy tàu hội đàm"><script>track("Tàu")</script>
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Tàu thăm cảng","datePublished":"2026-11-20T08:00:00+07:00","url":"https://bao.example/tau-1.html"}</script></head>
<body><!-- ghi chú --><div class="post-box" onclick="go()"><h1>Tàu thăm cảng</h1><img src="/a.jpg" alt="Chỉ huy"><p>Tàu đến lúc 08:15, ngày 20/11/2026.</p>
<p>舰艇编队访问港口</p><p>زار القائد الميناء</p><div>Bình luận</div></div></body></html>`
	out, err := disguise.Page([]byte(page), "text/html; charset=utf-8", []string{"Bình luận", "ngày"})
	if err != nil {
		t.Fatal(err)
	}
	got := string(out)
	for _, stays := range []string{
		`class="post-box"`, `content="2026-11-20T08:00:00+07:00"`, `"datePublished":"2026-11-20T08:00:00+07:00"`, "https://bao.example/tau-1.html",
		`"@type":"NewsArticle"`, " 08:15, ngày 20/11/2026.", "Bình luận", `src="/a.jpg"`,
	} {
		if !strings.Contains(got, stays) {
			t.Errorf("%s is gone", stays)
		}
	}
	for _, goes := range []string{"Tàu", "thăm", "cảng", "Chỉ huy", "ghi chú", "track", "go()", "舰", "港", "القائد"} {
		if strings.Contains(got, goes) {
			t.Errorf("%s is still there", goes)
		}
	}
	title := between(got, "<title>", "</title>")
	if title == "" || title != between(got, "<h1>", "</h1>") || !strings.Contains(got, `"headline":"`+title+`"`) {
		t.Errorf("the same words became different ones: %q", title)
	}
	if len([]rune(title)) != len([]rune("Tàu thăm cảng")) {
		t.Errorf("the length has changed: %q", title)
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}
