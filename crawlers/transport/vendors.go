package transport

import (
	"regexp"
	"strings"
)

// marks tell a wall. No marks are found nowhere.
type marks struct{ *regexp.Regexp }

// find is the first mark in s, shortened; empty when there is none.
func (m marks) find(s string) string {
	if m.Regexp == nil {
		return ""
	}
	return short(m.FindString(s))
}

// short is as much of a mark as is repeated to others.
func short(s string) string { return strings.ToValidUTF8(s[:min(len(s), 80)], "") }

func these(pattern string) marks { return marks{regexp.MustCompile(pattern)} }

// vendor is one maker of walls, by what its pages hold and articles behind it do
// not. Everything is in lower case.
type vendor struct {
	name  string
	title marks
	code  marks // in tags and scripts
	text  marks // in sight
}

// vendors are known from their public documentation and from what crawlers'
// operators report of their pages. The beacon that Cloudflare puts into ordinary
// pages, /cdn-cgi/challenge-platform/…/scripts/jsd, is no mark; its walls load
// …/orchestrate/.
var vendors = []vendor{
	{
		name:  "Cloudflare",
		title: these(`^(?:just a moment\.\.\.|attention required! \| cloudflare|access denied \| .* used cloudflare to restrict access)$`),
		code:  these(`_cf_chl_opt|/cdn-cgi/challenge-platform/(?:\w+/)*orchestrate/|/cdn-cgi/l/chk_|cf-browser-verification|cf[-_]chl[-_]`),
	},
	{
		name:  "DDoS-Guard",
		title: these(`^ddos-guard$`),
		code:  these(`/\.well-known/ddos-guard/js-challenge|check\.ddos-guard\.net`),
	},
	{
		name:  "Sucuri",
		title: these(`^(?:access denied - )?sucuri website firewall`),
		code:  these(`sucuri_cloudproxy_js`),
		text:  these(`sucuri website firewall`),
	},
	{
		name: "Imperva",
		text: these(`incapsula incident id`),
	},
	{
		name: "DataDome",
		code: these(`captcha-delivery\.com`),
	},
	{
		name: "HUMAN",
		code: these(`px-captcha|captcha\.(?:px-cdn|px-cloud|perimeterx)\.net`),
	},
	{
		name: "Akamai",
		code: these(`sec-if-cpt-container|/_sec/cp_challenge/|\?bm-verify=`),
		text: these(`you don't have permission to access .* reference #|errors\.edgesuite\.net`),
	},
	{
		name: "AWS WAF",
		code: these(`awswafintegration\.checkforcerefresh|window\.gokuprops|awswafcaptcha\.rendercaptcha`),
	},
	{
		name:  "Vercel",
		title: these(`^vercel security checkpoint$`),
	},
}

// says is what walls of any make say, in the languages of the sources.
var says = these(sentences(
	// JavaScript and cookies
	"enable javascript", "enable cookies", "javascript is disabled", "javascript is required", "requires javascript",
	"bật javascript", "kích hoạt javascript", "bật cookie",
	"启用 javascript", "启用javascript", "開啟 javascript", "开启javascript", "启用 cookie", "启用cookie",
	"تمكين javascript", "تفعيل javascript", "تفعيل جافا سكريبت", "تمكين جافا سكريبت",
	"включите javascript", "включить javascript", "включите поддержку javascript",
	"activer javascript", "activez javascript", "activer les cookies",
	"habilite javascript", "habilitar javascript", "active javascript", "activar javascript", "activa javascript",
	// a test
	"checking your browser", "verify you are human", "verifying you are human", "verify that you are human", "are you a robot", "i'm not a robot", "unusual traffic",
	"đang kiểm tra trình duyệt", "xác minh bạn là con người", "xác minh bạn không phải là robot", "tôi không phải là người máy",
	"正在检查您的浏览器", "验证您是真人", "請驗證您是真人", "安全验证",
	"التحقق من أنك إنسان", "جارٍ التحقق من المتصفح", "لست روبوت",
	"проверка браузера", "проверяем ваш браузер", "подтвердите, что вы человек", "подтвердите, что вы не робот", "я не робот",
	"vérifier que vous êtes humain", "vérifions votre navigateur", "vous n'êtes pas un robot", "je ne suis pas un robot",
	"verificar que usted es un ser humano", "verifica que eres humano", "no soy un robot", "comprobando su navegador",
	// a click
	"click to continue", "click here to continue", "click the button below to continue", "press the button to continue",
	"nhấn vào đây để tiếp tục", "bấm vào đây để tiếp tục", "nhấp vào đây để tiếp tục", "nhấn để tiếp tục", "bấm để tiếp tục",
	"点击继续", "點擊繼續", "点击此处继续",
	"انقر للمتابعة", "انقر هنا للمتابعة", "اضغط هنا للمتابعة",
	"нажмите, чтобы продолжить", "нажмите здесь, чтобы продолжить", "нажмите для продолжения",
	"cliquez pour continuer", "cliquez ici pour continuer",
	"haga clic para continuar", "haga clic aquí para continuar", "pulse aquí para continuar",
	// consent
	"before you continue to", "we value your privacy", "valoramos tu privacidad", "valoramos su privacidad",
	"nous respectons votre vie privée", //nolint:misspell // French
))

func sentences(all ...string) string {
	for i, s := range all {
		all[i] = regexp.QuoteMeta(s)
	}
	return strings.Join(all, "|")
}
