package parse

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"attache/internal/article"
)

// images collects the article's pictures where the rules say they are. The
// figures stay on the page; reading the body passes over them.
func (r *reader) images() {
	for _, where := range r.rules.Images {
		r.doc.FindMatcher(where).Each(func(_ int, s *goquery.Selection) {
			img := s
			if goquery.NodeName(s) != "img" {
				img = s.Find("img").First()
			}
			r.image(img, caption(s, img))
		})
	}
}

// image adds a picture once; the first to give a caption gives it.
func (r *reader) image(img *goquery.Selection, caption string) {
	r.add(r.source(img), caption, credit(caption))
}

func (r *reader) add(address, caption string, credit *string) {
	if address == "" {
		return
	}
	i := slices.IndexFunc(r.content.Images, func(have article.Image) bool { return have.URL == address })
	if i < 0 {
		r.content.Images = append(r.content.Images, article.Image{URL: address})
		i = len(r.content.Images) - 1
	}
	if have := &r.content.Images[i]; have.Caption == nil && caption != "" {
		have.Caption, have.Credit = &caption, credit
	}
}

// source is the picture's real address: lazy loading puts it in data-src and a
// placeholder in src.
func (r *reader) source(img *goquery.Selection) string {
	for _, name := range []string{"data-src", "data-original", "src"} {
		if u := r.absolute(img.AttrOr(name, "")); u != "" {
			return u
		}
	}
	return ""
}

// absolute is an address on the web in full, "" for any other.
func (r *reader) absolute(address string) string {
	ref, err := url.Parse(strings.TrimSpace(address))
	if err != nil || ref.String() == "" {
		return ""
	}
	if u := r.base.ResolveReference(ref); u.Scheme == "https" || u.Scheme == "http" {
		return u.String()
	}
	return ""
}

// caption is the figcaption in the figure or, as some galleries have it, right
// after it; else what the CMS noted on the picture. An alt is no caption: it
// repeats the headline.
func caption(figure, img *goquery.Selection) string {
	if text := clean(textOf(figure.Find("figcaption").First())); text != "" {
		return text
	}
	if next := figure.Next(); goquery.NodeName(next) == "figcaption" {
		return clean(textOf(next))
	}
	return clean(img.AttrOr("cms-photo-caption", ""))
}
