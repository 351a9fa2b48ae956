package topic

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpenSet holds the decision to what was measured, less a margin. It runs
// over the labelled sets found in $ATTACHE_SHARED/topic; see the package comment.
func TestOpenSet(t *testing.T) {
	t.Parallel()
	const minPrecision, minRecall = 0.92, 0.90
	d := decider(t)
	sets, err := filepath.Glob(filepath.Join(os.Getenv("ATTACHE_SHARED"), "topic", "open.jsonl"))
	if err != nil || os.Getenv("ATTACHE_SHARED") == "" {
		sets = nil
	}
	for _, set := range sets {
		data, err := os.ReadFile(set)
		if err != nil {
			t.Fatal(err)
		}
		all, byLang := &matrix{}, map[string]*matrix{}
		for line := range bytes.Lines(data) {
			var r struct {
				ID, Lang, Title, Text, Label string
				Doubtful                     bool
			}
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			if r.Doubtful {
				continue
			}
			lede, body, _ := strings.Cut(r.Text, "\n")
			got := d.Decide(Text{r.Title, lede, body, r.Lang})
			if byLang[r.Lang] == nil {
				byLang[r.Lang] = &matrix{}
			}
			all.count(r.Label == "defence-diplomacy", got.Match)
			byLang[r.Lang].count(r.Label == "defence-diplomacy", got.Match)
			if got.Match != (r.Label == "defence-diplomacy") {
				t.Logf("wrong: %s %s %.3f %s %s", r.ID, r.Lang, got.Score, r.Label, r.Title)
			}
		}
		for lang, m := range byLang {
			t.Logf("%s: %+v precision %.3f recall %.3f", lang, *m, m.precision(), m.recall())
		}
		t.Logf("all: %+v precision %.3f recall %.3f", *all, all.precision(), all.recall())
		if all.precision() < minPrecision || all.recall() < minRecall {
			t.Errorf("precision %.3f, recall %.3f; want %.2f and %.2f", all.precision(), all.recall(), minPrecision, minRecall)
		}
	}
}

// matrix counts right and wrong answers.
type matrix struct{ hit, wrong, missed, left int }

func (m *matrix) count(want, got bool) {
	switch {
	case want && got:
		m.hit++
	case got:
		m.wrong++
	case want:
		m.missed++
	default:
		m.left++
	}
}

func (m *matrix) precision() float64 { return float64(m.hit) / float64(max(m.hit+m.wrong, 1)) }
func (m *matrix) recall() float64    { return float64(m.hit) / float64(max(m.hit+m.missed, 1)) }
