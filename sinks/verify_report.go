package sinks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"time"

	"attache/internal/article"
)

// reportHead is what a report for programs says of the drop, of which the manifest
// says the same. It need not list every source there is.
type reportHead struct {
	SchemaVersion string         `json:"schema_version"`
	DropDate      string         `json:"drop_date"`
	Zone          string         `json:"zone"`
	Rev           int            `json:"rev"`
	From          time.Time      `json:"from"`
	To            time.Time      `json:"to"`
	SealedAt      time.Time      `json:"sealed_at"`
	Producer      string         `json:"producer"`
	Running       bool           `json:"running"`
	Totals        reportTotals   `json:"totals"`
	Sources       []reportSource `json:"sources"`
}

type reportTotals struct {
	Rows      int64 `json:"rows"`
	Added     int64 `json:"added"`
	Changed   int64 `json:"changed"`
	Withdrawn int64 `json:"withdrawn"`
	Gaps      int   `json:"gaps"`
}

type reportSource struct {
	ID     string          `json:"id"`
	Rows   int64           `json:"rows"`
	Ledger *article.Ledger `json:"ledger"`
}

// head is what a report on the drop must say, but for its sources.
func (m Manifest) head() reportHead {
	return reportHead{
		SchemaVersion: m.SchemaVersion, DropDate: m.DropDate, Zone: m.Zone, Rev: m.Rev, From: m.Window.From.UTC(), To: m.Window.To.UTC(), SealedAt: m.SealedAt.UTC(), Producer: m.Producer, Running: m.Running,
		Totals: reportTotals{m.Rows, m.Changes[string(article.Added)], m.Changes[string(article.Changed)], m.Changes[string(article.Removed)], len(m.Gaps)},
	}
}

// reports reads the reports. The page for people is only hashed.
func (v *verifier) reports(ctx context.Context) error {
	for _, f := range v.m.Reports {
		var text bytes.Buffer
		to := io.Discard
		if f.Format == FormatJSON && f.Bytes <= maxManifest {
			to = &text
		}
		sound, err := v.sound(ctx, f, to)
		if err != nil {
			return err
		}
		if sound && f.Format == FormatJSON {
			if wrong := v.m.retold(text.Bytes()); wrong != "" {
				v.say(f.Key, Differs, "%s", wrong)
			}
		}
	}
	return nil
}

// retold says the first thing in which a report for programs differs from the manifest.
func (m Manifest) retold(text []byte) string {
	var r reportHead
	if err := json.Unmarshal(text, &r); err != nil {
		return err.Error()
	}
	listed := r.Sources
	r.Sources, r.From, r.To, r.SealedAt = nil, r.From.UTC(), r.To.UTC(), r.SealedAt.UTC()
	have, want := reflect.ValueOf(r), reflect.ValueOf(m.head())
	for i := range have.NumField() {
		if a, b := have.Field(i).Interface(), want.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			return fmt.Sprintf("its %s is %+v, the manifest has %+v", have.Type().Field(i).Tag.Get("json"), a, b)
		}
	}
	for _, s := range listed {
		switch want, ok := m.Sources[s.ID]; {
		case !ok:
			return fmt.Sprintf("it has a source %s, the manifest has none", s.ID)
		case s.Rows != want.Rows:
			return fmt.Sprintf("it tells of %d rows of source %s, the manifest of %d", s.Rows, s.ID, want.Rows)
		case !reflect.DeepEqual(s.Ledger, want.Ledger):
			return fmt.Sprintf("its ledger of source %s is not that of the manifest", s.ID)
		}
	}
	return ""
}
