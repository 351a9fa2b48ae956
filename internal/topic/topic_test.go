package topic

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"attache/internal/article"
)

func decider(t testing.TB) *Decider {
	t.Helper()
	d, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDecide(t *testing.T) {
	t.Parallel()
	d := decider(t)
	for name, c := range map[string]struct {
		text      Text
		match     bool
		acts      []string // at least
		countries []string // exactly
	}{
		"vi visit": {
			Text{"Bộ trưởng Quốc phòng Lào thăm chính thức Việt Nam", "Sáng 3/9, Bộ Quốc phòng tổ chức lễ đón đoàn đại biểu quân sự cấp cao Lào, sau đó hai bên hội đàm.", "Hai bên nhất trí tăng cường hợp tác quốc phòng.", "vi"},
			true,
			[]string{"visit", "talks"},
			[]string{"LA", "VN"},
		},
		"vi old tone marks, decomposed": {
			Text{"Việt Nam cử sĩ quan tham gia lực lượng gìn giữ hoà bình Liên hợp quốc", "Đội công binh mũ nồi xanh lên đường tới phái bộ.", "", "vi-VN"},
			true,
			[]string{"peacekeeping"},
			[]string{"VN"},
		},
		"vi exercise": {
			Text{"Hải quân Ấn Độ và Nhật Bản tập trận chung", "Các tàu chiến của hai nước diễn tập săn ngầm trong bốn ngày.", "", "vi"},
			true,
			[]string{"exercise"},
			[]string{"IN", "JP"},
		},
		"vi recruits":  {Text{"Hơn 900 thanh niên lên đường nhập ngũ", "Sáng nay, các đơn vị quân đội đón tân binh tại lễ giao nhận quân.", "Bộ Chỉ huy quân sự tỉnh tặng quà các gia đình.", "vi"}, false, nil, nil},
		"vi flood":     {Text{"Bộ đội giúp dân khắc phục hậu quả lũ lụt", "Quân khu 4 điều hơn 500 chiến sĩ tới vùng ngập.", "", "vi"}, false, nil, []string{"VN"}},
		"vi trade":     {Text{"Việt Nam và Hà Lan ký thỏa thuận thương mại nông nghiệp", "Hai bên trao đổi về xuất khẩu trái cây và hợp tác quốc phòng.", "", "vi"}, false, nil, []string{"NL", "VN"}},
		"vi own drill": {Text{"Diễn tập khu vực phòng thủ tỉnh", "Các đơn vị bộ đội địa phương thực hành bắn đạn thật.", "", "vi"}, false, nil, nil},
		"en talks": {
			Text{"Indonesian, Philippine defence ministers hold talks in Manila", "The two sides agreed to hold joint patrols in the Sulu Sea.", "", "en"},
			true,
			[]string{"talks"},
			[]string{"ID", "PH"},
		},
		"en port call": {
			Text{"French frigate makes port call in Jakarta", "The warship's crew will train with the Indonesian Navy.", "", "en"},
			true,
			[]string{"port_call"},
			[]string{"FR", "ID"},
		},
		"en sport":  {Text{"Army beat Navy in overtime to win the league", "The football team scored two late goals against the visitors from Canada.", "", "en"}, false, nil, []string{"CA"}},
		"en war":    {Text{"Drone attack on Kyiv kills four", "Ukrainian air force says most drones were shot down; Russia's army continued its offensive.", "", "en"}, false, nil, []string{"RU", "UA"}},
		"en summit": {Text{"Leaders of India and Brazil meet on trade", "Tariffs, investment and agriculture topped the agenda; defence was also mentioned.", "", "en"}, false, nil, []string{"BR", "IN"}},
		"zh visit": {
			Text{"越南国防部长访问老挝", "双方举行会谈，并签署两军合作备忘录。", "", "zh"},
			true,
			[]string{"visit", "talks"},
			[]string{"LA", "VN"},
		},
		"zh exercise": {
			Text{"中国与柬埔寨陆军举行联合演习", "两军官兵将演练反恐和排雷。", "", "zh-Hans"},
			true,
			[]string{"exercise"},
			[]string{"CN", "KH"},
		},
		"zh party":  {Text{"某旅党委召开党代会", "官兵代表讨论部队建设。", "", "zh"}, false, nil, nil},
		"zh coffee": {Text{"咖啡出口额越来越高", "贸易企业投资新厂。", "", "zh"}, false, nil, nil},
		"ar visit with clitics": {
			Text{"وزيرُ الدفاعِ الأردنيُّ يستقبل نظيره الباكستاني", "وبحث الجانبان التعاون العسكري وتبادل الوفود بين البلدين.", "", "ar"},
			true,
			[]string{"visit", "talks"},
			[]string{"JO", "PK"},
		},
		"ar exercise": {
			Text{"انطلاق المناورات البحرية المشتركة بين مصر واليونان", "تشارك في التمرين فرقاطات من القوات البحرية للبلدين.", "", "ar"},
			true,
			[]string{"exercise"},
			[]string{"EG", "GR"},
		},
		"ar rain":  {Text{"الدفاع المدني يحذر من الأمطار والسيول", "دعت الشرطة السكان إلى الابتعاد عن الأودية.", "", "ar"}, false, nil, nil},
		"ar sport": {Text{"فريق الجيش القطري يفوز بكأس كرة القدم", "سجل اللاعب البرازيلي هدفين في المباراة.", "", "ar"}, false, nil, []string{"BR", "QA"}},
		"fr":       {Text{"La ministre des Armées reçoit son homologue japonais à Paris", "Les deux pays ont signé un accord de coopération militaire.", "", "fr"}, true, []string{"visit"}, []string{"FR", "JP"}},
		"fr flood": {Text{"Inondations : l'armée aide les habitants", "Des soldats distribuent de l'eau.", "", "fr"}, false, nil, nil},
		"es":       {Text{"El ministro de Defensa de Perú visita Chile", "Los dos países acordaron maniobras conjuntas de sus armadas.", "", "es"}, true, []string{"visit"}, []string{"CL", "PE"}},
		"ru":       {Text{"Министр обороны Индии прибыл с визитом в Москву", "Стороны обсудили военное сотрудничество двух стран и поставки вертолётов.", "", "ru"}, true, []string{"visit"}, []string{"IN", "RU"}},
		"ru sport": {Text{"Тренер «Динамо» подал в отставку", "Футбольный клуб проиграл третий матч.", "", "ru"}, false, nil, nil},
		"language guessed": {
			Text{Title: "Hải quân Việt Nam tiếp đoàn hải quân Nhật Bản", Lede: "Hai bên trao đổi về hợp tác song phương."},
			true,
			[]string{"visit"},
			[]string{"JP", "VN"},
		},
		"empty": {Text{}, false, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := d.Decide(c.text)
			if got.Match != c.match {
				t.Errorf("match = %v (score %.3f), want %v; signals %v", got.Match, got.Score, c.match, got.Signals)
			}
			for _, a := range c.acts {
				if !slices.Contains(got.Acts, a) {
					t.Errorf("acts = %v, want %s too", got.Acts, a)
				}
			}
			if !slices.Equal(got.Countries, c.countries) {
				t.Errorf("countries = %v, want %v", got.Countries, c.countries)
			}
		})
	}
}

func TestSignalsSayWhatCounted(t *testing.T) {
	t.Parallel()
	got := decider(t).Decide(Text{Title: "Defence Minister visits Cuba", Lede: "He met his Cuban counterpart amid floods.", Language: "en"})
	want := []article.Signal{
		{Kind: "defence", Text: "Defence Minister", Place: "title"},
		{Kind: "act", Text: "visits", Place: "title"},
		{Kind: "country", Text: "Cuba", Place: "title"},
		{Kind: "act", Text: "met", Place: "lede"},
		{Kind: "country", Text: "Cuban", Place: "lede"},
		{Kind: "act", Text: "counterpart", Place: "lede"},
		{Kind: "country", Text: "counterpart", Place: "lede"},
		{Kind: "against", Text: "floods", Place: "lede"},
	}
	if !slices.Equal(got.Signals, want) {
		t.Errorf("signals = %v\nwant %v", got.Signals, want)
	}
}

func TestPersonsAreNotCountries(t *testing.T) {
	t.Parallel()
	d := decider(t)
	for text, want := range map[string][]string{
		"Ông Trần Đức gặp bà Nguyễn Thị Nga": {},
		"Quân đội Đức và hải quân Nga":       {"DE", "RU"},
		"Anh hùng Lực lượng vũ trang":        {},
		"Hải quân Anh, Pháp, Mỹ":             {"FR", "GB", "US"},
		"quan hệ Việt-Trung":                 {"CN", "VN"},
		"một người anh ở Ấn Độ Dương":        {},
	} {
		if got := d.Decide(Text{Title: text, Language: "vi"}).Countries; !slices.Equal(got, want) {
			t.Errorf("%s: countries = %v, want %v", text, got, want)
		}
	}
}

func TestConcurrentDecisionsAgree(t *testing.T) {
	t.Parallel()
	d := decider(t)
	text := Text{Title: "Thái Lan và Lào tuần tra chung", Body: strings.Repeat("Bộ đội biên phòng hai nước tuần tra song phương. ", 20), Language: "vi"}
	want := d.Decide(text).Score
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := d.Decide(text).Score; got != want {
				t.Errorf("score = %v, want %v", got, want)
			}
		})
	}
	wg.Wait()
}

func FuzzDecide(f *testing.F) {
	d := decider(f)
	f.Add("Bộ trưởng Quốc phòng", "thăm Lào.", "Hai bên\n\nhội đàm", "vi")
	f.Add("وزير الدفاع", "واللل ال بال", "ـًٌٍ", "ar")
	f.Add("国防部长", "访问\xff越南。", "2+2", "zh")
	f.Add("U.S. Navy", "", "A. B. C.\x00", "xx-??")
	f.Fuzz(func(t *testing.T, title, lede, body, lang string) {
		text := Text{title, lede, body, lang}
		got := d.Decide(text)
		if !(got.Score >= 0 && got.Score <= 1) || got.Match != (got.Score >= 0.5) {
			t.Errorf("score %v, match %v", got.Score, got.Match)
		}
		if got.Acts == nil || got.Countries == nil || got.Signals == nil {
			t.Error("a nil list")
		}
		if again := d.Decide(text); again.Score != got.Score || !slices.Equal(again.Signals, got.Signals) {
			t.Error("two answers to one text")
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	d := decider(b)
	text := Text{
		Title: "Bộ trưởng Quốc phòng Việt Nam thăm Lào",
		Body:  strings.Repeat("Chiều qua, hai bên trao đổi về hợp tác quốc phòng, đào tạo sĩ quan và tập trận chung ở vùng biên giới. ", 25), Language: "vi",
	}
	b.SetBytes(int64(len(text.Body)))
	b.ReportAllocs()
	for b.Loop() {
		d.Decide(text)
	}
}
