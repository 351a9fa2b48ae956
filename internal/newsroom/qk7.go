package newsroom

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Quân khu 7 Online. Only the text of its pages is known, in its order and with
// its labels; elements and classes are invented.
var qk7 = publisher{
	source:   "qk7",
	language: "vi",
	host:     "baoquankhu7.vn",
	zone:     hanoi,
	grain:    time.Minute,
	address: func(s Story) (string, string) {
		category := 340 // Thời sự
		if strings.Contains(s.Section, "Đối ngoại") {
			category = 342
		}
		return s.ID, fmt.Sprintf("/%s-%d-00%ss%d10gs", s.Slug, hash32(s.Slug), s.ID, category)
	},
	media: func(s Story, file string) string {
		return "https://media.baoquankhu7.vn/fileman/Uploads/tbNews/" + s.ID + "/" + file
	},
	lists: noValidators,
	build: func(s *site) {
		s.articles("qk7.html", nil)
		const path, topic = "/ExtAppCommon/Home/SearchByKeyword", "đối ngoại quốc phòng"
		s.html(search(path, topic), "qk7-search.html", qk7Search{topic, s.Stories})
		s.html(path, "qk7-search.html", qk7Search{})
	},
}

type qk7Search struct {
	Keyword string
	Stories []Story
}

// hash32 stands for the hash of 32 bits in the publisher's addresses: it may be
// negative, which leaves two hyphens, and has five digits or more.
func hash32(slug string) int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(slug)) // never fails
	n := int32(h.Sum32())        // wrapping into negative numbers is wanted
	if -10_000 < n && n < 10_000 {
		n += 1_000_000
	}
	return n
}
