package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"attache/internal/article"
	"attache/parse"
)

// tale is an article in one language.
type tale struct {
	title, lede, subhead, caption string
	text                          []string
}

var tales = map[string]tale{
	"vi": {"Hai nước mở đường dây nóng trên biển", "Đường dây nóng giữa hai bộ tư lệnh vùng sẽ hoạt động từ đầu tháng sau.", "Bước tiếp theo", "Hai tàu tuần tra rời cảng lúc rạng sáng.", []string{
		"Sáng nay, đại diện hai bộ tư lệnh đã ký biên bản về việc lập đường dây nóng, sau gần một năm trao đổi giữa các nhóm chuyên viên của hai bên.",
		"Theo biên bản, sĩ quan trực ban của mỗi bên có thể gọi cho nhau bất cứ lúc nào khi tàu cá gặp nạn hoặc khi tàu tuần tra đến gần nhau trong sương mù.",
		"Cuộc diễn tập đầu tiên dự kiến diễn ra vào mùa xuân, với hai tàu và một máy bay trực thăng của mỗi nước, ông cho biết thêm.",
	}},
	"en": {"Two navies open a hotline at sea", "The line between the two regional commands will be open from next month.", "What comes next", "Two patrol boats leave harbour at first light.", []string{
		"Officers of both commands signed the minutes this morning, after almost a year of talks between working groups about who may call whom, and when.",
		"Under the agreement the officer of the watch may ring his counterpart at any hour when a fishing boat is in distress, or when patrols meet in fog.",
		"A first exercise is planned for the spring, with two ships and one helicopter from each side, the admiral told reporters on the quay.",
	}},
	"zh": {"两国海军开通海上热线", "两个海区司令部之间的热线将于下月初启用。", "下一步", "两艘巡逻艇在黎明时分离港", []string{
		"今天上午，两个司令部的代表签署了会议纪要，此前双方工作组就热线的使用范围和通话程序进行了将近一年的磋商。",
		"根据纪要，渔船遇险或者双方巡逻艇在大雾中相遇时，任何一方的值班军官都可以随时致电对方，通报情况并商量救助办法。",
		"首次演练计划在春季举行，双方各派两艘舰艇和一架直升机参加，演练内容包括搜救和医疗转运，发言人在码头对记者说。",
	}},
	"ar": {"بحريتا البلدين تفتحان خطا ساخنا في البحر", "يبدأ العمل بالخط بين القيادتين الإقليميتين في مطلع الشهر المقبل.", "الخطوة التالية", "زورقا دورية يغادران الميناء مع الفجر", []string{
		"وقع ممثلو القيادتين محضر الاجتماع صباح اليوم بعد نحو عام من المحادثات بين فرق العمل حول طريقة الاتصال ومن يحق له أن يتصل ومتى.",
		"وبموجب المحضر يستطيع ضابط المناوبة أن يتصل بنظيره في أي ساعة عندما يتعرض قارب صيد للخطر أو عندما تلتقي الدوريات في الضباب الكثيف.",
		"ومن المقرر أن تجري أول مناورة في الربيع بمشاركة سفينتين ومروحية واحدة من كل جانب، كما قال الأميرال للصحفيين على رصيف الميناء.",
	}},
	"fr": {"Deux marines ouvrent une ligne directe en mer", "La ligne entre les deux commandements sera ouverte au début du mois prochain.", "La suite", "Deux patrouilleurs quittent le port à l'aube.", []string{
		"Les représentants des deux commandements ont signé le procès-verbal ce matin, après presque une année de discussions entre les groupes de travail.",
		"Selon ce texte, l'officier de quart peut appeler son homologue à toute heure lorsqu'un bateau de pêche est en détresse ou que des patrouilles se croisent.",
		"Un premier exercice est prévu au printemps, avec deux navires et un hélicoptère de chaque côté, a précisé l'amiral devant la presse réunie sur le quai.",
	}},
	"ru": {"Два флота открывают горячую линию на море", "Линия между двумя командованиями заработает в начале следующего месяца.", "Что дальше", "Два сторожевых катера выходят из порта на рассвете", []string{
		"Представители обоих командований подписали протокол сегодня утром, почти через год после начала переговоров рабочих групп о порядке связи.",
		"По протоколу вахтенный офицер может позвонить коллеге в любое время, если рыболовное судно терпит бедствие или если катера встретились в тумане.",
		"Первое учение намечено на весну, в нём примут участие по два корабля и по одному вертолёту от каждой стороны, сказал адмирал журналистам.",
	}},
}

// markups write a tale in ways nobody wrote rules for. The standfirst is marked
// in one of them, stands right below the headline in others.
var markups = map[string]func(t tale) string{
	"paragraphs": func(t tale) string {
		return fmt.Sprintf(`<article class="zz"><h1>%s</h1><p class="standfirst">%s</p><figure><img src="/1.jpg"><figcaption>%s</figcaption></figure><div class="q"><p>%s</p><div class="ad-slot"><p>Buy ten pairs of rubber boots today and pay for nine of them next year.</p></div><p>%s</p><h2>%s</h2><p>%s</p></div></article>`,
			t.title, t.lede, t.caption, t.text[0], t.text[1], t.subhead, t.text[2])
	},
	"div soup": func(t tale) string {
		return fmt.Sprintf(`<div class="k1"><div class="k2"><h1>%s</h1></div><div class="k3">%s</div><div class="k4"><img src="/1.jpg"><div>%s</div></div><div class="k5"><div>%s</div><div>%s</div><h3>%s</h3><div>%s</div></div></div>`,
			t.title, t.lede, t.caption, t.text[0], t.text[1], t.subhead, t.text[2])
	},
	"a table and line breaks": func(t tale) string {
		return fmt.Sprintf(`<form action="Default.aspx"><table><tr><td><h1>%s</h1></td></tr><tr><td>%s</td></tr><tr><td><table><tr><td><img src="/1.jpg"></td></tr><tr><td>%s</td></tr></table></td></tr><tr><td><font size=2>%s<br><br>%s<br>&nbsp;<br></font><h3>%s</h3>%s</td></tr></table></form>`,
			t.title, t.lede, t.caption, t.text[0], t.text[1], t.subhead, t.text[2])
	},
	"chunks among adverts": func(t tale) string {
		chunk := `<section><div class="grid"><div class="column">%s</div><aside><a href="/9">Nine more boats to look at</a></aside></div></section>`
		return fmt.Sprintf(`<main><header><h1>%s</h1><h2 class="dek">%s</h2></header><figure><img src="/1.jpg"><span class="caption">%s</span></figure>`, t.title, t.lede, t.caption) +
			fmt.Sprintf(chunk, "<p>"+t.text[0]+"</p>") + fmt.Sprintf(chunk, "<p>"+t.text[1]+"</p>") + fmt.Sprintf(chunk, "<h3>"+t.subhead+"</h3><p>"+t.text[2]+"</p>") + `</main>`
	},
}

const outer = `<!DOCTYPE html><html lang="%s"><head><title>%s | The Lantern</title><meta property="og:title" content="%[2]s | The Lantern"><meta property="og:site_name" content="The Lantern">
<meta name="author" content="By Mai Lan and Peter Quill"><meta name="keywords" content="sea, hotline"></head><body class="has-sidebar">
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<div class="wrap related-enabled">%s<p>24 August 2026, 10:41</p>
<ul class="cards"><li><h3><a href="/a">The river rose again this week</a></h3><p>Farmers upstream say that the water has not stood this high in twenty years of keeping count.</p></li></ul>
<div class="comments"><p>I have waited for this since I was a boy on my father's boat, and I say well done to everyone.</p><p>Nobody asked the fishermen what they think of it, and they are out there every single night.</p></div></div>
<div class="cookie-notice"><p>We and our partners store small files on your machine so that the pages you read open faster.</p></div>
<footer><p>The Lantern is printed every morning but Sunday by people who like to be up before the sun is.</p></footer></body></html>`

func TestFallbackReads(t *testing.T) {
	t.Parallel()
	for lang, tale := range tales {
		for name, markup := range markups {
			t.Run(lang+" "+name, func(t *testing.T) {
				t.Parallel()
				got, err := parse.Read(nil, parse.Page{URL: "https://lantern.example/1", Body: []byte(fmt.Sprintf(outer, lang, tale.title, markup(tale)))})
				if err != nil {
					t.Fatal(err)
				}
				want := strings.Join([]string{tale.lede, tale.text[0], tale.text[1], tale.subhead, tale.text[2]}, "\n\n")
				body := got.BodyText
				if got.Lede != nil { // where nothing marks it, it is the first paragraph
					body = *got.Lede + "\n\n" + body
				}
				if marked := strings.Contains(markup(tale), "class=\"standfirst") || strings.Contains(markup(tale), "class=\"dek"); got.Title != tale.title || body != want || marked && got.Lede == nil {
					t.Errorf("title %q, lede %q, body:\n%s", got.Title, deref(got.Lede), got.BodyText)
				}
				if len(got.Images) != 1 || got.Images[0].URL != "https://lantern.example/1.jpg" || deref(got.Images[0].Caption) != tale.caption {
					t.Errorf("pictures: %+v", got.Images)
				}
				if strings.Join(got.Authors, "|") != "Mai Lan|Peter Quill" || strings.Join(got.Tags, "|") != "sea|hotline" || deref(got.PublishedPrecision) != "minute" || got.Extractor.Kind != article.ByFallback {
					t.Errorf("authors %q, tags %q, published %v, by %q", got.Authors, got.Tags, got.PublishedAt, got.Extractor.Kind)
				}
			})
		}
	}
}

// A rule that names but a scrap of the article gives way, and the record says so.
func TestRuleGivesWay(t *testing.T) {
	t.Parallel()
	long := "<p>" + strings.Repeat("The column moved slowly through the valley and met nobody on the way there. ", 6) + "</p>"
	for _, c := range []struct {
		name, page string
		kind       string
	}{
		{"the body holds the first paragraph only", `<h1>T</h1><main><div class=body><p>One line of the story stands here.</p></div>` + long + strings.Replace(long, "column", "convoy", 1) + `</main>`, "fallback"},
		{"the same, but what follows is short", `<h1>T</h1><main><div class=body><p>One line of the story stands here.</p></div><p>And this is the second line of it, no more.</p></main>`, "rules"},
		{"the long text is elsewhere", `<h1>T</h1><div><div class=body><p>A short notice is all there is to say.</p></div></div><div><main>` + long + strings.Replace(long, "column", "convoy", 1) + `</main></div>`, "rules"},
		{"the body holds it all", `<h1>T</h1><main><div class=body>` + long + `</div></main>`, "rules"},
	} {
		got := read(t, "", c.page)
		noted := len(got.Quality) > 0 && strings.Contains(got.Quality[0].Note, `the rule ".body" gave`)
		if string(got.Extractor.Kind) != c.kind || noted != (c.kind == "fallback") {
			t.Errorf("%s: by %q, notes %+v\n%s", c.name, got.Extractor.Kind, got.Quality, got.BodyText)
		}
	}
}
