package article

import (
	"bytes"
	"encoding/json"
	"time"
)

// JSON is the record as it lands: one line, text as it is and not escaped for
// HTML, an empty list as [] and times in UTC to the microsecond.
func (r *Record) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r.explicit()); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// explicit is a copy that keeps what the record promises its readers.
func (r Record) explicit() Record {
	for _, list := range []*[]string{&r.Authors, &r.Tags, &r.Countries, &r.Acts, &r.SameStory} {
		fill(list)
	}
	fill(&r.Images)
	fill(&r.Quality)
	fill(&r.Extractor.Fields)
	fill(&r.Topic.Signals)
	r.FirstSeenAt, r.FetchedAt = instant(r.FirstSeenAt), instant(r.FetchedAt)
	for _, t := range []**time.Time{&r.PublishedAt, &r.ModifiedAt} {
		if *t != nil {
			*t = new(instant(**t))
		}
	}
	return r
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
