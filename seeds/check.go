package seeds

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// complaint takes a mistake and the path of the value it is in.
type complaint func(path, format string, args ...any)

func (st *Step) check(s *Source, path string, wrong complaint) {
	set := 0
	for _, is := range []bool{st.Feed != "", st.NewsSitemap != "", st.Sitemap != "", st.Robots != "", st.Listing != nil, st.JSON != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		wrong(path, "needs exactly one of feed, news_sitemap, sitemap, robots, listing, json")
		return
	}
	address := st.Address()
	if mistake := unreachable(braces.ReplaceAllString(address, "0"), s.Ports); mistake != "" {
		wrong(path, "%q %s", address, mistake)
	}
	if dated, err := readDated(address, s.Zone); err != nil {
		wrong(path, "%q: %v", address, err)
	} else if st.Robots != "" && dated.text != "" || st.JSON == nil && strings.Contains(address, pageNumber) {
		wrong(path, "%q: no braces belong here", address)
	}
	switch {
	case st.Listing != nil:
		st.Listing.check(path+".listing", wrong)
	case st.JSON != nil:
		st.JSON.check(path+".json", wrong)
	}
}

// unreachable says why the transport would not go to an address, or what is wrong
// with it; "" when it is fine. Hosts are as browsers read them: 127.1 is a number too.
func unreachable(address string, ports []int) string {
	u, err := parser.Parse(address)
	if err != nil || u.Scheme() != "https" && u.Scheme() != "http" || u.Hostname() == "" {
		return "is no http(s) address"
	}
	host := strings.Trim(u.Hostname(), "[]")
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(strings.TrimRight(host, "."), ".") {
		return "is at no publisher's host: it needs a name with a dot in it"
	}
	port := cmp.Or(u.Port(), "443") // the scheme's own is left out
	if n, err := strconv.Atoi(port); err != nil || n != 80 && n != 443 && !slices.Contains(ports, n) {
		return fmt.Sprintf("is on port %s: publishers are on 80 and 443; name others under ports", port)
	}
	return ""
}

func (l *Listing) check(path string, wrong complaint) {
	if l.Item.Selector == nil || l.Link.Selector == nil {
		wrong(path, "needs item and link selectors")
	}
	if p := l.Published; p != nil && p.JSONLD != "" {
		wrong(path+".published", "the items of a list have no JSON-LD; name a selector, or text:pattern")
	}
	checkLayouts(path, l.Layouts, wrong)
	checkPages(path, &l.StopAfterKnown, &l.MaxPages, wrong)
}

// unsendable are headers that are the transport's to set, or a person's secrets.
var unsendable = []string{"User-Agent", "Host", "Connection", "Accept-Encoding", "Content-Length", "Transfer-Encoding", "Cookie", "Authorization", "Proxy-Authorization", "Range", "Te", "Upgrade"}

func (l *JSONList) check(path string, wrong complaint) {
	if l.Items == "" || l.Link == "" {
		wrong(path, "needs items and link, paths such as data.contents")
	}
	for _, key := range slices.Sorted(maps.Keys(l.Headers)) {
		name := http.CanonicalHeaderKey(key)
		if slices.Contains(unsendable, name) || strings.HasPrefix(name, "If-") || strings.HasPrefix(name, "X-Attache-") {
			wrong(path+".headers", "%s is not for a source to set", key)
		}
		if !httpguts.ValidHeaderFieldName(key) || !httpguts.ValidHeaderFieldValue(l.Headers[key]) {
			wrong(path+".headers", "%q: %q is no header", key, l.Headers[key])
		}
	}
	if l.MaxPages > 1 && l.Next == "" && !strings.Contains(l.URL, pageNumber) {
		wrong(path+".max_pages", "%d pages need a way from one to the next: {page} in the url, or next", l.MaxPages)
	}
	checkLayouts(path, l.Layouts, wrong)
	checkPages(path, &l.StopAfterKnown, &l.MaxPages, wrong)
}

func checkLayouts(path string, layouts []string, wrong complaint) {
	for i, layout := range layouts {
		if day(2001, 1, 11).Format(layout) == day(2002, 12, 23).Format(layout) || strings.Contains(layout, "MST") { // "GMT+7" read by MST is UTC
			wrong(fmt.Sprintf("%s.layouts[%d]", path, i), "%q is no layout in Go's words, such as 02/01/2006 15:04 or Jan 2 2006 -0700", layout)
		}
	}
}

func checkPages(path string, stopAfterKnown, maxPages *int, wrong complaint) {
	if *stopAfterKnown < 0 || *maxPages < 0 {
		wrong(path, "stop_after_known and max_pages must be 1 or more")
	}
	*stopAfterKnown = cmp.Or(*stopAfterKnown, 20)
	*maxPages = cmp.Or(*maxPages, 1)
}

func (s *Source) checkVisits(wrong complaint) {
	if s.Visits < 0 {
		wrong("$.visits", "%d pages cannot be visited; leave it out for all", s.Visits)
	}
	if !(s.Threshold >= 0 && s.Threshold <= 1) {
		wrong("$.threshold", "%v must be above 0 and at most 1; leave it out for the configured one", s.Threshold)
	}
	if s.Screen != "" && s.Screen != ByTitle {
		wrong("$.screen", "%q is not known here; title is", s.Screen)
	}
	for i, port := range s.Ports {
		if port < 1 || port > 65535 {
			wrong(fmt.Sprintf("$.ports[%d]", i), "%d is no port", port)
		}
	}
}

func (sp *Spelling) check(wrong complaint) {
	for _, from := range slices.Sorted(maps.Keys(sp.Hosts)) {
		to := sp.Hosts[from]
		for _, host := range []string{from, to} {
			if u, err := parser.Parse("https://" + host); err != nil || u.Host() != host {
				wrong("$.canonical.hosts", "%q is no host name in its plain form, such as www.example.com", host)
			}
		}
		if _, also := sp.Hosts[to]; also {
			wrong("$.canonical.hosts", "%s leads to %s, which leads on; name the last one", from, to)
		}
	}
	for i, cut := range sp.Cut {
		if cut.MatchString("") || cut.MatchString("/") {
			wrong(fmt.Sprintf("$.canonical.cut[%d]", i), "%q takes away what every path has", cut)
		}
	}
}
