package newsroom

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestZoneAPI reads VietnamPlus' JSON lists page by page as its own pages do.
func TestZoneAPI(t *testing.T) {
	t.Parallel()
	r := readRoom(t)
	c := visitor(t, r)
	for source, host := range map[string]string{
		"vietnamplus-vi": "www", "vietnamplus-en": "en", "vietnamplus-zh": "zh", "vietnamplus-fr": "fr", "vietnamplus-es": "es", "vietnamplus-ru": "ru",
	} {
		site, api := "https://"+host+".vietnamplus.vn", "https://"+host+"-api.vietnamplus.vn"
		if host == "www" {
			api = "https://api.vietnamplus.vn"
		}
		var urls []string
		for number, more := 1, true; more; number++ {
			a := get(t, c, fmt.Sprintf("%s/api/morenews-zone-291-%d.html?phrase=", api, number), "Referer", site+"/", "Accept", "application/json, */*")
			var z zone
			if err := json.Unmarshal([]byte(a.body), &z); err != nil || a.StatusCode != http.StatusOK || len(z.Data.Contents) == 0 {
				t.Fatalf("%s, page %d: %d %v", source, number, a.StatusCode, err)
			}
			for _, item := range z.Data.Contents {
				urls = append(urls, site+item.URL)
				if s := r.Stories(source)[len(urls)-1]; item.Title != s.Title || !time.Unix(item.Date, 0).Equal(s.Published) || item.ID != s.ID {
					t.Errorf("%s: %+v is not %s", source, item, s.URL)
				}
			}
			more = z.Data.LoadMore
		}
		sameAddresses(t, source, urls, r.Stories(source))
		const first = "/api/morenews-zone-291-1.html"
		for _, header := range [][]string{nil, {"Accept", "application/json"}, {"Referer", site + "/"}, {"Referer", "https://example.org/", "Accept", "application/json"}} {
			if a := get(t, c, api+first, header...); a.StatusCode != http.StatusForbidden || json.Valid([]byte(a.body)) {
				t.Errorf("%s with %q: %d", api, header, a.StatusCode)
			}
		}
	}
}
