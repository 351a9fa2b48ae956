package sinks

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"attache/internal/article"
)

// madeUp gives rows of some 4 KB of text each, in order, the same every time. Words
// are as unequal as in a language, so that they pack about as well.
func madeUp(n int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		random := rand.New(rand.NewPCG(1, 2))
		often := rand.NewZipf(random, 1.1, 20, 5000)
		words := make([]string, 5001)
		parts := strings.Fields("b ch d đ gi h kh l m nh ph qu s t th tr v x a ă â e ê i o ô ơ u ư ấ ệ ộ ữ ng nh n m c t p")
		for i := range words {
			for range 1 + i%4 {
				words[i] += parts[random.IntN(len(parts))]
			}
		}
		text := func(size int) string {
			var b strings.Builder
			for b.Len() < size {
				b.WriteString(words[often.Uint64()])
				b.WriteByte(" \n"[min(random.IntN(60), 1)^1])
			}
			return b.String()
		}
		for i := range n {
			at := time.Date(2026, 11, 21, 0, 0, i, 0, time.UTC)
			lede := text(200)
			r := article.Record{
				ArticleID: fmt.Sprintf("vtcnews:ar%08d", i), Revision: 1, ChangeType: article.Added, ChangeReason: article.FromPublisher, Source: "vtcnews",
				URL: fmt.Sprintf("https://vtcnews.vn/x-ar%08d.html", i), CanonicalURL: fmt.Sprintf("https://vtcnews.vn/x-ar%08d.html", i),
				Content: article.Content{
					Title: text(70), Lede: &lede, BodyText: text(2000 + random.IntN(4000)), Language: "vi", Authors: []string{words[random.IntN(300)]},
					Tags: []string{words[random.IntN(900)], words[random.IntN(900)]}, PublishedAt: &at,
					Images:    []article.Image{{URL: fmt.Sprintf("https://vtcnews.vn/%d.jpg", i), Caption: &lede}},
					Extractor: article.Extractor{Kind: article.ByRules, RulesVersion: "0a1b2c3d4e5f", Fields: []article.Answer{{Field: "title", By: "h1"}, {Field: "body_text", By: "div.body"}}},
				},
				FirstSeenAt: at, FetchedAt: at, Countries: []string{"LA", "VN"}, Acts: []string{"visit"},
				Topic:      article.Topic{Score: float64(i%100) / 100, Signals: []article.Signal{{Kind: "act", Text: words[i%50], Place: "title"}, {Kind: "country", Text: words[i%90], Place: "lede"}}},
				BodySHA256: article.SHA256(lede), RawRef: &article.RawRef{Segment: "v1/raw/source=vtcnews/fetch_date=2026-11-21/x.warc.gz", Offset: int64(i) * 9000},
				RunID: "01JD6Z3V2K9W8XQ4T5R6Y7P8M9", SchemaVersion: article.SchemaVersion,
			}
			if row, err := r.JSON(); !yield(row, err) || err != nil {
				return
			}
		}
	}
}
