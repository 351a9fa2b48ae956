package parse

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, page string
		want       []string
	}{
		{"paragraphs", `<p>One</p><p>Two</p>`, []string{"One", "Two"}},
		{"one <p>, cut by two <br>", `<p>One<br> <br>Two<br/>still two<br>&nbsp;<br>Three</p>`, []string{"One", "Two still two", "Three"}},
		{"three <br> are no empty paragraph", `One<br><br><br><br>Two`, []string{"One", "Two"}},
		{"two <br> with text between are lines of one paragraph", `One<br>a<br>b`, []string{"One a b"}},
		{"two <br> inside inline elements", `<p><b>One<br></b><br><i>Two</i></p>`, []string{"One", "Two"}},
		{"div soup", `<div>One<div>Two</div>Three<div><div>Four</div></div></div>`, []string{"One", "Two", "Three", "Four"}},
		{"text around a block", `<div>before <p>inside</p> after</div>`, []string{"before", "inside", "after"}},
		{"blocks inside inline elements", `<span>One<p>Two</p>Three</span>`, []string{"One", "Two", "Three"}},
		{"inline elements cut nothing", `<p>V<b>i</b>ệt <a href=x>N<i>a</i>m</a>, <font>and</font> <ins>so</ins> <x-y>on</x-y></p>`, []string{"Việt Nam, and so on"}},
		{"headings and lists", `<h2>Head</h2><ul><li>One<li>Two<ol><li>Three</ol></ul><dl><dt>A<dd>B</dl>`, []string{"Head", "One", "Two", "Three", "A", "B"}},
		{"table cells", `<table><caption>C</caption><tr><td>One<td>Two<tr><th>Three</table>`, []string{"C", "One", "Two", "Three"}},
		{"the page in a form, as ASP.NET has it", `<form><table><tr><td>One<br><br>Two</td></tr></table><select><option>no</select><textarea>no</textarea><button>no</button></form>`, []string{"One", "Two"}},
		{"quote", `<blockquote>One<footer>Two</footer></blockquote>`, []string{"One", "Two"}},
		{"silent elements", `<p>One<script>no()</script><style>p{}</style><!-- no --><noscript>no</noscript><iframe>no</iframe><svg><text>no</text></svg> two</p>`, []string{"One two"}},
		{"white space of every kind", "<p>\u00a0 One\u2003\t\n two\u2028\u3000three&nbsp;</p>", []string{"One two three"}},
		{"zero width and soft hyphen", "<p>O\u200bn\u00ade\ufeff</p>", []string{"One"}},
		{"nothing to see", "<p>&nbsp;</p><p>\u200b</p><p>\u200f\u200e</p><p>\u200d</p><p><br></p><p>One</p>", []string{"One"}},
		{"joiners and marks inside words stay", "<p>می\u200cشود \u200fعربي</p>", []string{"می\u200cشود \u200fعربي"}},
		{"decomposed letters are composed", "<p>Vie\u0323\u0302t</p>", []string{"Việt"}},
		{"control characters", "<p>O\x00n\x07e\u0085two\u009f</p>", []string{"One two"}},
		{"entities", `<p>&agrave;&#7843;&amp;lt; &laquo;</p>`, []string{"àả&lt; «"}},
	} {
		root := parsed(t, c.page)
		var got []string
		for _, b := range blocks(root) {
			got = append(got, b.text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s\n got %q\nwant %q", c.name, c.page, got, c.want)
		}
	}
}

// The fallback and the captions rely on what a block knows of its surroundings.
func TestBlocksKnowTheirPlace(t *testing.T) {
	t.Parallel()
	root := parsed(t, `<p>a <a href=x>link</a></p><a href=y><h4>all link</h4><p>this too</p></a>
<figure><img src=1><figcaption><p>cap</p></figcaption></figure><p>x<img src=2>y</p>`)
	want := []struct {
		text, element string
		links         int
		image, figure bool
	}{
		{text: "a link", element: "p", links: 4},
		{text: "all link", element: "h4", links: 8},
		{text: "this too", element: "p", links: 8},
		{element: "img", image: true, figure: true},
		{text: "cap", element: "p", figure: true},
		{text: "x", element: "p"},
		{element: "img", image: true},
		{text: "y", element: "p"},
	}
	got := blocks(root)
	if len(got) != len(want) {
		t.Fatalf("got %d blocks, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		if b := got[i]; b.text != w.text || b.node.Data != w.element || b.links != w.links || b.image != w.image || b.figure != w.figure {
			t.Errorf("block %d: got %+v in <%s>, want %+v", i, b, b.node.Data, w)
		}
	}
}

func parsed(t *testing.T, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}
