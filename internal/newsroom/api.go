package newsroom

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// zone is a page of a section's list as JSON: as other papers on VietnamPlus's
// system answer; for VietnamPlus itself the path is inferred.
type zone struct {
	Data struct {
		Contents []zoneItem `json:"contents"`
		LoadMore bool       `json:"load_more"`
	} `json:"data"`
}

type zoneItem struct {
	ID          string `json:"content_id"`
	URL         string `json:"url"` // without the host
	Title       string `json:"title"`
	Description string `json:"description"`
	Date        int64  `json:"date"` // seconds since 1970
	Updated     int64  `json:"update_time"`
	Zone        struct {
		ID   int    `json:"zone_id"`
		Name string `json:"name"`
		URL  string `json:"url"`
	} `json:"zone"`
}

const (
	politics = 291 // the section's number
	zonePage = 5   // items
)

// zoneAPI puts the list of the section at morenews-zone-291-{page}.html, from page 1
// to the first that is empty.
func (s *site) zoneAPI() {
	for number, rest := 1, s.Stories; ; number++ {
		var z zone
		z.Data.Contents = []zoneItem{}
		for _, story := range rest[:min(zonePage, len(rest))] {
			item := zoneItem{
				ID: story.ID, URL: strings.TrimPrefix(story.URL, "https://"+s.Host), Title: story.Title, Description: story.Lede,
				Date: story.Published.Unix(), Updated: story.Modified.Unix(),
			}
			item.Zone.ID, item.Zone.Name, item.Zone.URL = politics, story.Section, "https://"+s.Host+"/"
			z.Data.Contents = append(z.Data.Contents, item)
		}
		rest = rest[len(z.Data.Contents):]
		z.Data.LoadMore = len(rest) > 0
		body, err := json.Marshal(z)
		if err != nil {
			s.fail(err)
		}
		s.list(s.api, fmt.Sprintf("/api/morenews-zone-%d-%d.html", politics, number), page{
			kind: "application/json; charset=utf-8", body: body, allows: s.fromSite,
		})
		if len(z.Data.Contents) == 0 {
			return
		}
	}
}

// fromSite holds for requests as the site's own pages make them; others get 403.
func (s *site) fromSite(q *http.Request) bool {
	return strings.HasPrefix(q.Referer(), "https://"+s.Host+"/") && strings.Contains(q.Header.Get("Accept"), "application/json")
}
