package metrics

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/article"
	"attache/internal/pipeline"
	"attache/seeds"
)

func TestLate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 6, 7, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		schedule          string
		good, began, late time.Duration // back from now
		joined            time.Duration // likewise; 0: it was there from the beginning
	}{
		"just read":                     {"*/15 * * * *", 5 * time.Minute, 0, 0, 0},
		"new, and attache is not":       {"*/15 * * * *", -1, 72 * time.Hour, 7 * time.Minute, 20 * time.Minute},
		"resumed after a week":          {"*/15 * * * *", 168 * time.Hour, 0, 7 * time.Minute, 20 * time.Minute},
		"read since it was resumed":     {"*/15 * * * *", 5 * time.Minute, 0, 0, 168 * time.Hour},
		"its tick is over":              {"*/15 * * * *", 20 * time.Minute, 0, 7 * time.Minute, 0},
		"many are":                      {"*/15 * * * *", 24 * time.Hour, 0, 24*time.Hour - 8*time.Minute, 0},
		"a daily one that is on time":   {"0 5 * * *", 67 * time.Minute, 0, 0, 0},
		"a daily one that is not":       {"0 5 * * *", 25 * time.Hour, 0, 67 * time.Minute, 0},
		"never read, and begun now":     {"*/15 * * * *", -1, 0, 0, 0},
		"never read, and long at work":  {"*/15 * * * *", -1, 3 * time.Hour, 3*time.Hour - 8*time.Minute, 0},
		"a day that never comes":        {"0 5 30 2 *", 25 * time.Hour, 0, 0, 0},
		"a clock that was put back":     {"*/15 * * * *", -time.Hour, 0, 0, 0},
		"a source without any schedule": {"", time.Hour, 0, 0, 0},
	} {
		src := &seeds.Source{Zone: time.UTC}
		if c.schedule != "" {
			var err error
			if src.Cron, err = cron.ParseStandard(c.schedule); err != nil {
				t.Fatal(err)
			}
		}
		good := now.Add(-c.good)
		if c.good == -1 {
			good = time.Time{}
		}
		joined := now.Add(-c.joined)
		if c.joined == 0 {
			joined = time.Time{}
		}
		if got := late(src, good, joined, now.Add(-c.began), now); got != c.late {
			t.Errorf("%s: %s late, want %s", name, got, c.late)
		}
	}
}

func TestVisits(t *testing.T) {
	t.Parallel()
	type ends = map[article.Outcome]int
	walled := pipeline.Report{Todo: 5}
	read := pipeline.Report{Todo: 5, Fetched: 5, Outcomes: ends{article.OutOfScope: 5}}
	idle := pipeline.Report{}
	denied := pipeline.Report{Todo: 4, Outcomes: ends{article.Blocked: 4}}
	screened := pipeline.Report{Todo: 0, Screened: 90, Outcomes: ends{article.OutOfScope: 90}}
	unchanged := pipeline.Report{Todo: 2, Outcomes: ends{article.Unchanged: 2}}
	for name, c := range map[string]struct {
		reports               []pipeline.Report // newest first
		barren, lost, visited int
	}{
		"nothing":                        {nil, 0, 0, 0},
		"all is read":                    {[]pipeline.Report{read, read, read}, 0, 0, 10},
		"walled":                         {[]pipeline.Report{walled, walled, read, walled}, 2, 0, 0},
		"walled for long":                {[]pipeline.Report{walled, walled, read, read}, 2, 0, 10},
		"nothing to do is nothing":       {[]pipeline.Report{walled, idle, walled, read, read}, 2, 0, 10},
		"denied":                         {[]pipeline.Report{denied, denied, denied, read}, 3, 12, 12},
		"what was not visited":           {[]pipeline.Report{screened, denied, screened, denied, denied}, 3, 12, 12},
		"what is as it was is read well": {[]pipeline.Report{unchanged, walled}, 0, 0, 0},
	} {
		var j judged
		j.visits(c.reports)
		if j.barren != c.barren || j.lost != c.lost || j.visited != c.visited {
			t.Errorf("%s: %d barren, %d of %d lost; want %d, %d of %d", name, j.barren, j.lost, j.visited, c.barren, c.lost, c.visited)
		}
	}
}

func TestBelieved(t *testing.T) {
	t.Parallel()
	var b believed[int]
	read := 0
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	get := func() int {
		v, err := b.get(now, func() (int, error) { read++; return read, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if get(); get() != 1 {
		t.Error("it was read twice at once")
	}
	now = now.Add(time.Hour) // whatever it cost
	if get() != 2 {
		t.Error("it was not read again")
	}
	now = now.Add(-24 * time.Hour)
	if get() != 3 {
		t.Error("a clock that was put back stops it")
	}
}

// What takes long is read seldom: at a hundredth of one core.
func TestWhatIsDearIsBelievedForLonger(t *testing.T) {
	t.Parallel()
	var b believed[int]
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	const cost = 100 * time.Millisecond
	_, _ = b.get(now, func() (int, error) {
		<-time.After(cost)
		return 0, nil
	})
	if d := b.until.Sub(now); d < costs*cost {
		t.Errorf("it is believed for %s", d)
	}
}

// A reading that took long and failed, as on a disk that stood still for a while, is tried
// again soon.
func TestAnErrorIsNotBelievedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b believed[int]
		_, _ = b.get(time.Now(), func() (int, error) {
			<-time.After(patience)
			return 0, errors.New("it took too long")
		})
		if d := time.Until(b.until); d > errorFor || d <= 0 {
			t.Errorf("it is believed for %s", d)
		}
	})
}
