package article

import (
	"bytes"
	"encoding/json"
	"time"
)

// JSON is the record as it lands: one line, text as it is and not escaped for
// HTML, an empty list as [] and times in UTC to the microsecond. Bytes that are no
// UTF-8 become U+FFFD.
func (r *Record) JSON() ([]byte, error) {
	text, err := encode(r.explicit())
	if err != nil || !bytes.Contains(text, []byte(`\ufffd`)) {
		return text, err
	}
	// The encoder has escaped what was no UTF-8; read back and written again, it stands
	// there as the character it is, as in every other format.
	var sound Record
	if err := json.Unmarshal(text, &sound); err != nil {
		return nil, err
	}
	return encode(sound)
}

func encode(r Record) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
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
