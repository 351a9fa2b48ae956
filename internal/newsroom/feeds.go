package newsroom

import (
	"encoding/xml"
	"html/template"
	"time"

	"golang.org/x/text/encoding/unicode"
)

// feed is an RSS 2.0 file.
type feed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Title   string   `xml:"channel>title"`
	Link    string   `xml:"channel>link"`
	About   string   `xml:"channel>description"`
	Built   string   `xml:"channel>pubDate"`
	Items   []item   `xml:"channel>item"`
}

type item struct {
	Title       string `xml:"title"`
	Description cdata  `xml:"description"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	Published   string `xml:"pubDate"`
}

type cdata struct {
	Text string `xml:",cdata"`
}

// feed lists stories; about gives an item's description, in HTML.
func (s *site) feed(title string, stories []Story, about func(Story) string) feed {
	f := feed{Version: "2.0", Title: title, Link: "https://" + s.Host + "/", About: title, Built: s.changed.In(s.zone).Format(time.RFC1123Z)}
	for _, story := range stories {
		f.Items = append(f.Items, item{
			Title:       story.Title,
			Description: cdata{about(story)},
			Link:        story.URL,
			GUID:        story.URL,
			Published:   story.Published.Format(time.RFC1123Z),
		})
	}
	return f
}

// pictured is a description that begins with a linked picture, as most feeds here do;
// the line break is theirs.
func pictured(s Story) string {
	picture := ""
	if len(s.Images) > 0 {
		picture = `<a href="` + s.URL + `"><img src="` + s.Images[0].URL + `"></a></br>`
	}
	return picture + template.HTMLEscapeString(s.Standfirst())
}

// xml keeps v under path as an XML file in UTF-8.
func (s *site) xml(path string, v any) {
	body, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		s.fail(err)
	}
	s.list(s.domain, path, page{kind: typeXML, body: append([]byte(xml.Header), body...)})
}

// utf16 writes the XML file under path anew: UTF-16LE with a byte order mark, as it then declares.
func (s *site) utf16(path string) {
	const declaration = `<?xml version="1.0" encoding="utf-16"?>` + "\n"
	p := s.pages[path]
	text := append([]byte(declaration), p.body[len(xml.Header):]...)
	body, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(text)
	if err != nil {
		s.fail(err)
	}
	p.kind, p.body = "text/xml", body
	s.list(s.domain, path, p)
}

// zipped keeps the XML file under path as a gzipped file in its place, named .gz.
func (s *site) zipped(path string) {
	p := s.pages[path]
	delete(s.pages, path)
	s.list(s.domain, path+".gz", page{kind: "application/gzip", body: packed("gzip", p.body)})
}

// gzipOnly sends the page under path gzipped to everyone.
func (s *site) gzipOnly(path string) {
	p := s.pages[path]
	p.gzipOnly = true
	s.pages[path] = p
}
