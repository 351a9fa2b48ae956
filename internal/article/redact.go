package article

import "strings"

// Redact takes from a record everything its publisher wrote, for a takedown. What
// stays is the tombstone: which article it was, where and when, and the reason.
// Addresses stay, also where their wording follows the title.
func (r *Record) Redact(reason string) {
	r.Content = Content{
		Language:           r.Language,
		PublishedAt:        r.PublishedAt,
		PublishedPrecision: r.PublishedPrecision,
		PublishedZone:      r.PublishedZone,
		ModifiedAt:         r.ModifiedAt,
		Extractor:          Extractor{Kind: r.Extractor.Kind, RulesVersion: r.Extractor.RulesVersion},
		Quality:            []Note{{Field: "record", Note: redacted + reason}},
	}
	r.ChangeReason = FromTakedown
	r.Topic.Signals, r.RawRef, r.BodySHA256 = nil, nil, SHA256("")
}

const redacted = "redacted: "

// Redacted is the reason why a record is a tombstone; empty when it is none.
func (r *Record) Redacted() string {
	for _, n := range r.Quality {
		if reason, ok := strings.CutPrefix(n.Note, redacted); ok && n.Field == "record" && r.ChangeReason == FromTakedown {
			return reason
		}
	}
	return ""
}
