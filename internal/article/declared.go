package article

// v1 is the version of the first drops.
const v1 = "1.0.0"

// declared holds every field, in the order of the struct. A new one goes to the end
// of its struct and takes the next free id, over all structs: 64.
var declared = []Field{
	{
		ID: 1, Name: "article_id", Type: String, Since: v1, Example: `"vtcnews:ar1035071"`,
		Meaning: "Identity of the article: the source and the publisher's own number for it. The same article keeps it when its address or title changes.",
	},
	{
		ID: 2, Name: "revision", Type: Int, Since: v1, Example: `1`,
		Meaning: "1 for the first reading, one more for each later one that differs in title, lede, body or published time, and for a withdrawal. article_id and revision together are unique over all drops.",
	},
	{
		ID: 3, Name: "change_type", Type: String, Since: v1, Example: `"added"`, Values: []string{string(Added), string(Changed), string(Removed)},
		Meaning: "What this revision is to the one before it. A withdrawn revision repeats the last text; the article is no longer there, or no longer on the topic.",
	},
	{
		ID: 4, Name: "change_reason", Type: String, Since: v1, Example: `"publisher"`, Values: []string{string(FromPublisher), string(FromRules), string(FromTopic), string(FromTakedown)},
		Meaning: "Whose doing the revision is: the publisher's, by editing; ours, by reading the page with better rules; or the topic decision's. A takedown is nobody's edit: the row is a tombstone, without its text and with the reason in quality.",
	},
	{
		ID: 5, Name: "source", Type: String, Since: v1, Example: `"vtcnews"`,
		Meaning: "Id of the source. One publisher's language editions are sources of their own.",
	},
	{
		ID: 6, Name: "url", Type: String, Since: v1, Example: `"https://vtcnews.vn/tau-hai-quan-tham-da-nang-ar1035071.html?utm=rss"`,
		Meaning: "The address as it was listed.",
	},
	{
		ID: 7, Name: "canonical_url", Type: String, Since: v1, Example: `"https://vtcnews.vn/tau-hai-quan-tham-da-nang-ar1035071.html"`,
		Meaning: "The address the page gives as its own, if that is of the same article; else the one it was fetched from.",
	},
	{
		ID: 8, Name: "title", Type: String, Since: v1, Example: `"Tàu hải quân thăm Đà Nẵng"`,
		Meaning: "The headline, without the name of the site.",
	},
	{
		ID: 9, Name: "lede", Type: String, Nullable: true, Since: v1, Example: `"Ba tàu cập cảng Tiên Sa sáng 21/11."`,
		Meaning: "The paragraph the publisher sets apart above the text. It is not repeated in body_text. Null when there is none.",
	},
	{
		ID: 10, Name: "body_text", Type: String, Since: v1, Example: `"Sáng 21/11…\n\nĐại tá…"`,
		Meaning: "The text of the article: paragraphs with an empty line between two, without captions, related headlines, comments and advertisements.",
	},
	{
		ID: 11, Name: "language", Type: String, Since: v1, Example: `"vi"`,
		Meaning: "Language of the text, BCP 47: the one declared for the source, else the page's own; und when neither says.",
	},
	{
		ID: 12, Name: "authors", Type: String, List: true, Element: 13, Since: v1, Example: `["Minh An"]`,
		Meaning: "The names in the byline, as printed, in their order.",
	},
	{
		ID: 14, Name: "section", Type: String, Nullable: true, Since: v1, Example: `"Quân sự"`,
		Meaning: "The section the publisher files the article under, in the publisher's words.",
	},
	{
		ID: 15, Name: "tags", Type: String, List: true, Element: 16, Since: v1, Example: `["hải quân", "Đà Nẵng"]`,
		Meaning: "The publisher's keywords, as printed.",
	},
	{
		ID: 17, Name: "images", Type: Struct, List: true, Element: 18, Since: v1, Example: `[{"url":"https://vtcnews.vn/tau.jpg","caption":"Tàu vào cảng.","credit":null}]`,
		Meaning: "The pictures of the article, in the order of the page. Addresses only: no picture is kept.",
		Fields: []Field{
			{ID: 19, Name: "url", Type: String, Since: v1, Example: `"https://vtcnews.vn/tau.jpg"`, Meaning: "Address of the picture."},
			{ID: 20, Name: "caption", Type: String, Nullable: true, Since: v1, Example: `"Tàu vào cảng. (Ảnh: Minh An)"`, Meaning: "The line under it, as printed."},
			{ID: 21, Name: "credit", Type: String, Nullable: true, Since: v1, Example: `"Minh An"`, Meaning: "The photographer or agency the caption names."},
		},
	},
	{
		ID: 22, Name: "published_at", Type: Time, Nullable: true, Since: v1, Example: `"2026-11-21T02:30:00Z"`,
		Meaning: "When the publisher says the article appeared. Null when the page does not say. See published_precision: of a day alone it is the first moment, in published_zone.",
	},
	{
		ID: 23, Name: "published_precision", Type: String, Nullable: true, Since: v1, Example: `"minute"`, Values: []string{"second", "minute", "day"},
		Meaning: "How exactly the page gives published_at. Null with it.",
	},
	{
		ID: 24, Name: "published_raw", Type: String, Nullable: true, Since: v1, Example: `"21/11/2026 09:30"`,
		Meaning: "The words that published_at was read from, as they stand on the page or in a list.",
	},
	{
		ID: 25, Name: "published_zone", Type: String, Nullable: true, Since: v1, Example: `"Asia/Ho_Chi_Minh"`,
		Meaning: "The zone published_raw was read in: the offset the page itself gives, such as +07:00, else the IANA zone declared for the source.",
	},
	{
		ID: 26, Name: "modified_at", Type: Time, Nullable: true, Since: v1, Example: `"2026-11-21T04:00:00Z"`,
		Meaning: "When the publisher says the article was last changed. Many never say; revisions do not depend on it.",
	},
	{
		ID: 27, Name: "attribution", Type: Struct, Nullable: true, Since: v1, Example: `{"text":"Theo TTXVN","url":null}`,
		Meaning: "The line that says the text was first published elsewhere.",
		Fields: []Field{
			{ID: 28, Name: "text", Type: String, Since: v1, Example: `"Theo TTXVN"`, Meaning: "The line as printed."},
			{ID: 29, Name: "url", Type: String, Nullable: true, Since: v1, Example: `"https://www.vietnamplus.vn/"`, Meaning: "Where it links to."},
		},
	},
	{
		ID: 30, Name: "extractor", Type: Struct, Since: v1, Example: `{"kind":"rules","rules_version":"0a1b2c3d4e5f","fields":[{"field":"title","by":"h1"}]}`,
		Meaning: "How the page was read.",
		Fields: []Field{
			{
				ID: 31, Name: "kind", Type: String, Since: v1, Example: `"rules"`, Values: []string{string(ByRules), string(ByFallback)},
				Meaning: "The weakest step that was needed for the body: rules written for the source, or the fallback reader, which finds articles by the density of text.",
			},
			{ID: 32, Name: "rules_version", Type: String, Since: v1, Example: `"0a1b2c3d4e5f"`, Meaning: "First 12 hex digits of the sha256 of the source's rules."},
			{
				ID: 33, Name: "fields", Type: Struct, List: true, Element: 34, Since: v1, Example: `[{"field":"title","by":"h1"}]`,
				Meaning: "Which part of the page gave each field.",
				Fields: []Field{
					{ID: 35, Name: "field", Type: String, Since: v1, Example: `"title"`, Meaning: "A field of this record."},
					{ID: 36, Name: "by", Type: String, Since: v1, Example: `"h1"`, Meaning: "A selector of the source's rules; jsonld:… or meta:… for structured data; or fallback."},
				},
			},
		},
	},
	{
		ID: 37, Name: "quality", Type: Struct, List: true, Element: 38, Since: v1, Example: `[{"field":"published_at","note":"lies in the future of the fetch"}]`,
		Meaning: "Doubts a reader should know of. Empty when there are none. A record whose text was taken down says so here: field record, note redacted and the reason; title and body_text are then empty.",
		Fields: []Field{
			{ID: 39, Name: "field", Type: String, Since: v1, Example: `"published_at"`, Meaning: "The field in doubt; record for all of it."},
			{ID: 40, Name: "note", Type: String, Since: v1, Example: `"lies in the future of the fetch"`, Meaning: "The doubt, in English."},
		},
	},
	{
		ID: 41, Name: "first_seen_at", Type: Time, Since: v1, Example: `"2026-11-21T02:41:07.5Z"`,
		Meaning: "When attache first saw the address listed. With published_at it tells how late the news came.",
	},
	{
		ID: 42, Name: "fetched_at", Type: Time, Since: v1, Example: `"2026-11-21T02:41:31.25Z"`,
		Meaning: "When the page of this revision was fetched; of a withdrawal, when it was confirmed.",
	},
	{
		ID: 43, Name: "backfilled", Type: Bool, Since: v1, Example: `false`,
		Meaning: "True when the article was read from a publisher's archive, not when it was news. Leave such rows out when counting what a day brought.",
	},
	{
		ID: 44, Name: "countries", Type: String, List: true, Element: 45, Since: v1, Example: `["LA","VN"]`,
		Meaning: "Countries the article names, ISO 3166-1 alpha-2, sorted. Found by words, in any role: two of them need not have met.",
	},
	{
		ID: 46, Name: "acts", Type: String, List: true, Element: 47, Since: v1, Example: `["talks","visit"]`,
		Meaning: "What defence establishments do with each other in it, sorted: visit, talks, dialogue, exercise, patrol, port_call, agreement, arms, training, attache, peacekeeping, war_legacy, border, exhibition. A later version may name further ones.",
	},
	{
		ID: 48, Name: "topic", Type: Struct, Since: v1, Example: `{"score":0.82,"signals":[{"kind":"act","text":"thăm","place":"title"}]}`,
		Meaning: "The decision that the article is about defence diplomacy.",
		Fields: []Field{
			{ID: 49, Name: "score", Type: Double, Since: v1, Example: `0.82`, Meaning: "From 0 to 1. Articles are kept from a threshold on, 0.5 unless the operator chose another."},
			{
				ID: 50, Name: "signals", Type: Struct, List: true, Element: 51, Since: v1, Example: `[{"kind":"act","text":"thăm","place":"title"}]`,
				Meaning: "The words that counted, each once, in the order of the text.",
				Fields: []Field{
					{ID: 52, Name: "kind", Type: String, Since: v1, Example: `"act"`, Meaning: "What it counted as, such as defence, act, country or against."},
					{ID: 53, Name: "text", Type: String, Since: v1, Example: `"thăm"`, Meaning: "The words as found."},
					{ID: 54, Name: "place", Type: String, Since: v1, Example: `"title"`, Values: []string{"title", "lede", "body"}, Meaning: "Where they first stand."},
				},
			},
		},
	},
	{
		ID: 55, Name: "duplicate_of", Type: String, Nullable: true, Since: v1, Example: `"vietnamplus-vi:1012345"`,
		Meaning: "article_id of the article first seen with the same text. Null when this is the first.",
	},
	{
		ID: 56, Name: "same_story", Type: String, List: true, Element: 57, Since: v1, Example: `["vietnamplus-vi:1012345"]`,
		Meaning: "article_ids of other versions of this story, sorted: shortened, lengthened, translated, or another edition of it.",
	},
	{
		ID: 58, Name: "body_sha256", Type: String, Since: v1, Example: `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`,
		Meaning: "sha256 of body_text in UTF-8, lower-case hex.",
	},
	{
		ID: 59, Name: "raw_ref", Type: Struct, Nullable: true, Since: v1, Example: `{"segment":"v1/raw/source=vtcnews/fetch_date=2026-11-21/0a1b.warc.gz","offset":20480}`,
		Meaning: "Where the page is kept as the publisher sent it. Null for withdrawals and takedowns, and when captures are switched off.",
		Fields: []Field{
			{ID: 60, Name: "segment", Type: String, Since: v1, Example: `"v1/raw/source=vtcnews/fetch_date=2026-11-21/0a1b.warc.gz"`, Meaning: "Key of the WARC object, below the bucket's prefix."},
			{ID: 61, Name: "offset", Type: Long, Since: v1, Example: `20480`, Meaning: "Bytes from its start to the gzip member that holds the response."},
		},
	},
	{
		ID: 62, Name: "run_id", Type: String, Since: v1, Example: `"01JD6Z3V2K9W8XQ4T5R6Y7P8M9"`,
		Meaning: "The run that made the row (a ULID); its key in attache's logs.",
	},
	{
		ID: 63, Name: "schema_version", Type: String, Since: v1, Example: `"1.0.0"`,
		Meaning: "The version of this schema the row is written in; the same for all rows of a drop.",
	},
}
