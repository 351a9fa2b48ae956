package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/pipeline"
	"attache/seeds"
)

// Working gives the sources that are not paused, and says which are.
func Working(ctx context.Context, s Store, sources []*seeds.Source) (working []*seeds.Source, f Finding) {
	var paused []string
	for _, src := range sources {
		switch since, err := s.Paused(ctx, src.ID); {
		case err != nil:
			return sources, failed("paused", err)
		case since.IsZero():
			working = append(working, src)
		default:
			paused = append(paused, fmt.Sprintf("%s (since %s)", src.ID, since.In(src.Zone).Format("2006-01-02 15:04")))
		}
	}
	if len(paused) == 0 {
		return working, fine("paused", "no source is")
	}
	return working, fine("paused", "%d of %d sources are, until attache sources resume: %s", len(paused), len(sources), strings.Join(paused, ", "))
}

// missed is how many ticks of its schedule a source may let pass.
const missed = 3

// Runs judges when each source ran last. While no attache runs, that is a warning
// only: it may be started by somebody else's clock.
func Runs(ctx context.Context, s Store, sources []*seeds.Source, now time.Time, held bool) Finding {
	var never, late []string
	for _, src := range sources {
		last, _, err := s.LastRun(ctx, src.ID)
		switch {
		case err != nil:
			return failed("runs", err)
		case last.IsZero():
			never = append(never, src.ID)
		case overdue(src, last, now):
			late = append(late, fmt.Sprintf("%s (%s ago)", src.ID, ago(now.Sub(last))))
		}
	}
	switch {
	case len(late) > 0 && held:
		return fail("runs", "look into the log; if runs hang or take too long, restart attache and lower crawl.longest", "%d of %d sources missed %d runs: %s", len(late), len(sources), missed, strings.Join(late, ", "))
	case len(late) > 0:
		return warn("runs", "start attache run", "%d of %d sources missed %d runs: %s", len(late), len(sources), missed, strings.Join(late, ", "))
	case len(never) > 0:
		return warn("runs", "nothing, if they were added a moment ago; else start attache run, or attache crawl", "%d of %d sources never ran: %s", len(never), len(sources), strings.Join(never, ", "))
	}
	return fine("runs", "all %d sources ran on time", len(sources))
}

func overdue(src *seeds.Source, last, now time.Time) bool {
	tick := last.In(src.Zone)
	for range missed {
		if tick = src.Cron.Next(tick); tick.IsZero() { // a day that never comes
			return false
		}
	}
	return tick.Before(now)
}

// Quarantine judges the pages that broke a contract.
func Quarantine(ctx context.Context, s Store) Finding {
	pages, err := s.InQuarantine(ctx, "")
	if err != nil {
		return failed("quarantine", err)
	}
	if len(pages) == 0 {
		return fine("quarantine", "empty")
	}
	var sources []string
	for _, p := range pages {
		if !slices.Contains(sources, p.Source) {
			sources = append(sources, p.Source)
		}
	}
	slices.Sort(sources)
	return warn("quarantine", "see why by attache quarantine list, mend the rules, then attache quarantine release", "%d pages of %s", len(pages), strings.Join(sources, ", "))
}

// usual is how far back a source's own usual is looked for.
const usual = 28 * 24 * time.Hour

// Drift judges whether pages or lists have changed for the worse.
func Drift(ctx context.Context, s Store, sources []*seeds.Source, now time.Time) Finding {
	var drift []string
	for _, src := range sources {
		texts, _, err := s.Summaries(ctx, src.ID, now.Add(-usual))
		if err != nil {
			return failed("drift", err)
		}
		reports := make([]pipeline.Report, len(texts))
		for i, text := range texts {
			if err := json.Unmarshal(text, &reports[i]); err != nil {
				return failed("drift", fmt.Errorf("a run of %s: %w", src.ID, err))
			}
		}
		for _, d := range pipeline.Drift(reports) {
			drift = append(drift, src.ID+": "+d)
		}
	}
	if len(drift) == 0 {
		return fine("drift", "no source changed for the worse")
	}
	return warn("drift", "attache sources check says which rules still hold; then mend the source's file", "%s", strings.Join(drift, "; "))
}
