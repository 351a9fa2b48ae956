package view

import (
	"context"
	"encoding/json"
	"time"

	"attache/internal/store"
)

// Run is a run as it is listed.
type Run struct {
	Run     string          `json:"run"`
	Source  string          `json:"source"`
	Kind    string          `json:"kind"`
	Started time.Time       `json:"started"`
	Ended   *time.Time      `json:"ended"` // null: it goes on, or was cut off
	Report  json.RawMessage `json:"report,omitempty"`
}

// Runs gives the newest runs, newest first; see [store.Store.Runs].
func Runs(ctx context.Context, s *store.Store, source, before string, most int) ([]Run, error) {
	list, err := s.Runs(ctx, source, before, most)
	if err != nil {
		return nil, err
	}
	runs := make([]Run, len(list))
	for i, r := range list {
		runs[i] = Run{Run: r.ID, Source: r.Source, Kind: r.Kind, Started: r.Started, Report: r.Summary}
		if !r.Ended.IsZero() {
			runs[i].Ended = &r.Ended
		}
	}
	return runs, nil
}
