package story_test

import (
	"testing"

	"attache/internal/story"
)

func TestAttributed(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://vtcnews.vn/nga-giao-lo-ar1051622.html":               "vtcnews.vn/nga-giao-lo-ar1051622.html",
		"http://WWW.VTCNews.vn:443/nga-giao-lo-ar1051622.html#top":    "vtcnews.vn/nga-giao-lo-ar1051622.html",
		"https://m.vtcnews.vn/a-ar1.html?utm_source=zalo&fbclid=x":    "vtcnews.vn/a-ar1.html",
		"https://en.vietnamplus.vn/us-ships/126956.amp":               "en.vietnamplus.vn/us-ships/126956",
		"https://www.vietnam.vn/ar/mot-hai-ba/":                       "vietnam.vn/ar/mot-hai-ba",
		"https://zh.vietnamplus.vn/%E8%B6%8A%E5%8D%97-post268188.vnp": "zh.vietnamplus.vn/越南-post268188.vnp",
		"https://zh.vietnamplus.vn/越南-post268188.vnp":                 "zh.vietnamplus.vn/越南-post268188.vnp",
		"http://www.spa.gov.sa/details.php?id=1386844&utm_medium=x":   "spa.gov.sa/details.php?id=1386844",
		"https://a.example/?b=2&a=1":                                  "a.example?a=1&b=2",
		"  https://a.example/x  ":                                     "a.example/x",
		"https://m.vn/x":                                              "m.vn/x",
		"https://mod.gov.vn":                                          "",
		"https://www.qdnd.vn/":                                        "",
		"mod.gov.vn":                                                  "",
		"":                                                            "",
		"ftp://a.example/x":                                           "",
		"https://a b/":                                                "",
	} {
		if got := story.Attributed(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestEdition(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.vietnam.vn/ar/nghia-dong-bao-trong-lu-du":    "vietnam.vn/nghia-dong-bao-trong-lu-du",
		"https://vietnam.vn/nghia-dong-bao-trong-lu-du/":          "vietnam.vn/nghia-dong-bao-trong-lu-du",
		"https://www.vietnam.vn/zh-CN/nghia-dong-bao-trong-lu-du": "vietnam.vn/nghia-dong-bao-trong-lu-du",
		"https://www.vietnam.vn/ar/thoi-su":                       "",
		"https://www.vietnam.vn/":                                 "",
		"https://en.vietnamplus.vn/one-two-three-post350179.vnp":  "",
		"https://thongtin.vietnam.vn/nghia-dong-bao-trong-lu-du":  "",
		"https://www.vietnam.vn/sitemap/a-b-c-d":                  "",
		"://":                                                     "",
	} {
		if got := story.Edition(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
