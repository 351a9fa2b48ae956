package schema_test

import (
	"time"

	"attache/internal/article"
)

const dropDay = "2026-11-21"

var seen = time.Date(2026, 11, 21, 2, 41, 7, 500000000, time.UTC)

// firstRecords are the rows of the drop that was written by schema version 1.0.0: every
// kind of null and of list, four scripts. They do not change.
func firstRecords() []article.Record {
	bare := func(source, native, title, body, language string) article.Record {
		return article.Record{
			ArticleID: article.ID(source, native), Revision: 1, ChangeType: article.Added, ChangeReason: article.FromPublisher, Source: source,
			URL: "https://news.example/" + native, CanonicalURL: "https://news.example/" + native,
			Content: article.Content{
				Title: title, BodyText: body, Language: language, Authors: []string{}, Tags: []string{}, Images: []article.Image{},
				Extractor: article.Extractor{Kind: article.ByFallback, RulesVersion: "0a1b2c3d4e5f", Fields: []article.Answer{}}, Quality: []article.Note{},
			},
			FirstSeenAt: seen, FetchedAt: seen.Add(24*time.Second + time.Microsecond), Countries: []string{}, Acts: []string{},
			Topic: article.Topic{Score: 0.5, Signals: []article.Signal{}}, SameStory: []string{}, BodySHA256: article.SHA256(body),
			RunID: "01JD6Z3V2K9W8XQ4T5R6Y7P8M9", SchemaVersion: "1.0.0",
		}
	}

	chinese := bare("a-zh", "301", "两国海军举行联合巡逻", "两国海军二十日起在北部湾举行联合巡逻。\n\n这是今年的第二次。", "zh")
	chinese.ChangeReason, chinese.Backfilled = article.FromRules, true
	chinese.Countries, chinese.Acts = []string{"CN", "VN"}, []string{"patrol"}

	arabic := bare("b-ar", "77", "وزير الدفاع يستقبل ملحقاً عسكرياً", "استقبل الوزير الملحق العسكري الجديد صباح السبت.", "ar")
	arabic.Quality = []article.Note{{Field: "published_at", Note: "no date was found on the page"}, {Field: "body_text", Note: ""}}
	arabic.Images = []article.Image{{URL: "https://news.example/1.jpg"}, {URL: "https://news.example/2.jpg", Caption: new("الاستقبال"), Credit: new("")}}

	vietnamese := bare("c-vi", "ar1", "Tàu hải quân Lào thăm Đà Nẵng", "Sáng 21/11, ba tàu cập cảng.\n\nĐại tá nói: \"Rất vui\" <b>\\\t\u2028.", "vi")
	vietnamese.Lede, vietnamese.Section = new("Ba tàu cập cảng."), new("Quân sự")
	vietnamese.Authors, vietnamese.Tags = []string{"Minh An", "Thu Hà"}, []string{"hải quân", ""}
	vietnamese.PublishedAt, vietnamese.ModifiedAt = new(time.Date(2026, 11, 21, 2, 30, 0, 0, time.UTC)), new(time.Date(2026, 11, 21, 2, 35, 0, 999999000, time.UTC))
	vietnamese.PublishedPrecision, vietnamese.PublishedRaw, vietnamese.PublishedZone = new("minute"), new("21/11/2026 09:30"), new("Asia/Ho_Chi_Minh")
	vietnamese.Attribution = &article.Attribution{Text: "Theo báo bạn", URL: new("https://other.example/")}
	vietnamese.Extractor = article.Extractor{Kind: article.ByRules, RulesVersion: "0a1b2c3d4e5f", Fields: []article.Answer{{Field: "title", By: "h1"}, {Field: "body_text", By: "div.body"}}}
	vietnamese.Countries, vietnamese.Acts = []string{"LA", "VN"}, []string{"port_call", "visit"}
	vietnamese.Topic = article.Topic{Score: 0.8125, Signals: []article.Signal{{Kind: "act", Text: "thăm", Place: "title"}, {Kind: "country", Text: "Lào", Place: "title"}}}
	vietnamese.DuplicateOf, vietnamese.SameStory = new("d-vi:9"), []string{"a-zh:301", "b-ar:77"}
	vietnamese.RawRef = &article.RawRef{Segment: "v1/raw/source=c-vi/fetch_date=2026-11-21/x.warc.gz", Offset: 1 << 33}

	gone := vietnamese
	gone.Revision, gone.ChangeType, gone.ChangeReason = 2, article.Removed, article.FromTopic
	gone.Attribution = &article.Attribution{Text: "Theo báo bạn"}
	gone.RawRef = nil

	return []article.Record{chinese, arabic, vietnamese, gone}
}
