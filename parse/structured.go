package parse

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"attache/seeds"
)

// structured is what pages tell machines (schema.org, Open Graph): asked for a
// field when no rule answers.
var structured = func() (r seeds.Rules) {
	const rules = `
title: ["meta[property='og:title']@content", "jsonld:headline", "h1", "title"]
published: ["meta[property='article:published_time']@content", "jsonld:datePublished", "meta[itemprop=datePublished]@content", "time@datetime"]
modified: ["meta[property='article:modified_time']@content", "jsonld:dateModified"]
authors: ["jsonld:author.name", "jsonld:author", "[itemprop=author]"]
section: ["meta[property='article:section']@content", "jsonld:articleSection"]
`
	if err := yaml.Unmarshal([]byte(rules), &r); err != nil {
		panic(err) // the constant above is wrong
	}
	return r
}()

// maxLD bounds one JSON-LD script, bytes.
const maxLD = 1 << 20

// jsonld gives the values at a dotted path in the page's schema.org article.
// A list on the way is followed into each of its members.
func (r *reader) jsonld(path string) []string {
	var values []string
	for _, a := range r.described() {
		values = append(values, follow(a, strings.Split(path, "."))...)
	}
	return values
}

// first gives the values at a path in the first article that has any: further
// articles on a page are related ones.
func (r *reader) first(path string) []string {
	for _, a := range r.described() {
		if values := follow(a, strings.Split(path, ".")); len(values) > 0 {
			return values
		}
	}
	return nil
}

// foremost is the first of these values; "" without any.
func (r *reader) foremost(path string) string {
	for _, v := range r.first(path) {
		return v
	}
	return ""
}

// described are the articles the page describes to machines.
func (r *reader) described() []any {
	if r.ld == nil {
		r.ld = []any{}
		for _, n := range r.surveyed().scripts {
			var v any
			if n.FirstChild == nil || len(n.FirstChild.Data) > maxLD {
				continue
			}
			if json.Unmarshal([]byte(controls.Replace(n.FirstChild.Data)), &v) == nil {
				r.ld = append(r.ld, articles(v, 0)...)
			}
		}
	}
	return r.ld
}

// controls are written raw into JSON strings by careless templates.
var controls = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ", "\u2028", " ")

var articleType = regexp.MustCompile(`(?:Article|BlogPosting|ClaimReview)$`)

// articles finds the objects that describe an article, in lists and @graph.
func articles(v any, depth int) (found []any) {
	if depth > 4 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			found = append(found, articles(member, depth+1)...)
		}
	case map[string]any:
		if slices.ContainsFunc(follow(v, []string{"@type"}), articleType.MatchString) {
			return []any{v}
		}
		found = append(articles(v["@graph"], depth+1), articles(v["mainEntity"], depth+1)...)
	}
	return found
}

func follow(v any, path []string) (values []string) {
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			values = append(values, follow(member, path)...)
		}
	case map[string]any:
		if len(path) > 0 {
			return follow(v[path[0]], path[1:])
		}
	case string:
		if len(path) == 0 {
			return []string{v}
		}
	case float64:
		if len(path) == 0 {
			return []string{strconv.FormatFloat(v, 'f', -1, 64)}
		}
	}
	return values
}
