package topic

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	d := decider(t)
	for _, c := range []struct {
		title, language string
		keep            bool
	}{
		{"", "vi", true},
		{"Bộ trưởng Quốc phòng Lào thăm Việt Nam", "vi", true},
		{"Việt Nam và Lào tăng cường hợp tác", "vi", true}, // perhaps in defence
		{"Quân khu 5 tổng kết diễn tập", "vi", true},
		{"Giá vàng hôm nay giảm nhẹ", "vi", false},
		{"Mẹo nấu canh chua ngon", "vi", false},
		{"وزير الدفاع يستقبل وفدا عسكريا", "ar", true},
		{"وصفة كعكة الشوكولاتة", "ar", false},
		{"Frigate calls at Da Nang", "en", true},
		{"Ten cakes to bake this winter", "en", false},
	} {
		if got := d.Screen(c.title, c.language); got != c.keep {
			t.Errorf("%q: %v", c.title, got)
		}
	}
}

// TestScreenOnOpenSet holds the screen to what its comment says.
func TestScreenOnOpenSet(t *testing.T) {
	t.Parallel()
	const most = 0.95
	d := decider(t)
	data, err := os.ReadFile(filepath.Join(os.Getenv("ATTACHE_SHARED"), "topic", "open.jsonl"))
	if os.Getenv("ATTACHE_SHARED") == "" {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var kept, all int
	for line := range bytes.Lines(data) {
		var r struct {
			Lang, Title, Label string
			Doubtful           bool
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.Doubtful || r.Title == "" || r.Label != "defence-diplomacy" {
			continue
		}
		all++
		if d.Screen(r.Title, r.Lang) {
			kept++
		}
	}
	if t.Logf("kept %d of %d", kept, all); float64(kept) < most*float64(all) {
		t.Errorf("%d of %d titles of the topic are screened out", all-kept, all)
	}
}
