package parse_test

import (
	"strings"
	"testing"
)

func TestAuthorsOfAnyHost(t *testing.T) {
	t.Parallel()
	const h1 = `<h1>Ferry late once more</h1>`
	ld := func(authors string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"name":"The Lantern"},"author":[` + authors + `]}</script>`
	}
	for _, c := range []struct{ name, head, body, want string }{
		{"told", ld(`{"name":"Mai Lan"},{"name":"Peter Quill"}`), h1, "Mai Lan|Peter Quill"},
		{"the site's own name gives way", ld(`{"name":"The Lantern"}`), h1 + `<p class="byline">By <b>Mai Lan</b></p>`, "Mai Lan"},
		{"to a name on its own line too", ld(`{"name":"The Lantern"}`), h1 + `<p><b>Mai Lan</b></p>`, "Mai Lan"},
		{"it stays when there is none", ld(`{"name":"The Lantern"}`), h1, "The Lantern"},
		{"a page about the author", "", h1 + `<div>By <a href="/authors/mlan">Mai Lan</a> <span>24 August 2026</span></div>`, "Mai Lan"},
		{"not those of other stories", "", h1 + `<div class="post-author">Mai Lan</div>` + "%s" + dull(30) + `<div class="post-author">Peter Quill</div>`, "Mai Lan"},
		{"an Oxford comma", `<meta name="author" content="Mai Lan, Bo Reed, and Peter Quill">`, h1, "Mai Lan|Bo Reed|Peter Quill"},
		{"what they do", `<meta name="author" content="Mai Lan Senior Writer">`, h1, "Mai Lan"},
		{"degrees", `<meta name="author" content="Mai Lan, MS, RDN">`, h1, "Mai Lan"},
		{"twice, once with a role", "", h1 + `<p><span class="author">Mai Lan</span><span class="author">Mai Lan Harbour Desk</span></p>`, "Mai Lan"},
		{"a place is nobody", "", h1 + `<p>By Mai Lan, Dover</p>`, "Mai Lan"},
		{"a letter box is nobody", `<meta name="author" content="m.lan@lantern.example">`, h1, ""},
		{"an author and a label", "", h1 + `<p>来源：晨报 作者：李小明 王芳</p>`, "李小明|王芳"},
		{"reporters in the text's first line", "", h1 + `<p>晨报记者 李小明 王芳</p>`, "李小明|王芳"},
		{"a reporter without a space", "", h1 + `<p>本报记者李小明发自上海</p>`, "李小明"},
		{"a reporter who only learns", "", h1 + `<p>记者了解到，渡轮晚点。</p>`, ""},
		{"in brackets before the text", "", h1 + `<p>据新华社电（记者 格桑边觉）</p>`, "格桑边觉"},
		{"a poster", "", h1 + `<p>本贴由大卫于2026年8月12日16:12:21贴出</p>`, "大卫"},
		{"an editor for want of others", "", h1 + `<p>（ 责任编辑：李小明 ）</p>`, "李小明"},
		{"the author before the editor", "", h1 + `<p>责任编辑：李小明</p><p>作者：王芳</p>`, "王芳"},
	} {
		if got := strings.Join(anyHost(t, c.head, strings.ReplaceAll(c.body, "%s", prose)).Authors, "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

const prose = `<p>Nobody on the quay could say when the next boat would come, and the kiosk had run out of tea by the early afternoon.</p>
<p>The harbour master, who has kept the book for thirty years, wrote the delay down in red ink and went home to his supper.</p>`
