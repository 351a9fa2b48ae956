package doctor

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/dustin/go-humanize"

	"attache/internal/article"
	"attache/internal/store"
)

// Store is what doctor asks of the store, by reading alone.
type Store interface {
	Size(ctx context.Context) (store.Stats, error)
	QuickCheck(ctx context.Context) (string, error)
	Ledger(ctx context.Context, day store.Day) ([]article.Ledger, error)
	Waiting(ctx context.Context) (batches int, since time.Time, err error)
	Drops(ctx context.Context) ([]store.Drop, error)
	Paused(ctx context.Context, source string) (time.Time, error)
	LastRun(ctx context.Context, source string) (time.Time, []byte, error)
	Summaries(ctx context.Context, source string, since time.Time) ([][]byte, []time.Time, error)
	InQuarantine(ctx context.Context, source string) ([]store.Quarantined, error)
	Takedowns(ctx context.Context, stage store.Stage) ([]store.Takedown, error)
}

// Running says whether an attache works in the data folder.
func Running(held bool) Finding {
	if held {
		return fine("process", "an attache works in this data folder")
	}
	return fine("process", "no attache works in this data folder now")
}

// Unopened judges a store that cannot be looked into.
func Unopened(err error) Finding {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return warn("store", "nothing, if attache never ran here; else name its folder by --data or data in the configuration", "there is none yet")
	case errors.Is(err, store.ErrNewer):
		return fail("store", "install the newer attache again; to go back to this one, put the copy it made beside the store in the store's place, as docs/OPERATIONS.md says", "%v", err)
	case errors.Is(err, store.ErrOlder):
		return warn("store", "start attache: it keeps a copy and brings the store up to date", "%v", err)
	}
	return fail("store", "if it is damaged: stop attache, move attache.db, attache.db-wal and attache.db-shm away together, and put the newest copy made by attache store backup in their place", "%v", err)
}

// Sound judges the store's file.
func Sound(ctx context.Context, s Store) Finding {
	size, err := s.Size(ctx)
	if err != nil {
		return Unopened(err)
	}
	verdict, err := s.QuickCheck(ctx)
	if err != nil {
		return Unopened(err)
	}
	if verdict != "ok" {
		return Unopened(errors.New(verdict))
	}
	return fine("store", "sound; version %d, %s, %s in its log", size.Version, humanize.IBytes(uint64(max(0, size.Bytes))), humanize.IBytes(uint64(max(0, size.WALBytes))))
}

// Ledger judges whether today and yesterday add up.
func Ledger(ctx context.Context, s Store, now time.Time, zone *time.Location) Finding {
	today := store.DayOf(now, zone)
	items := 0
	for _, day := range []store.Day{store.DayOf(today.From.Add(-time.Hour), zone), today} {
		entries, err := s.Ledger(ctx, day)
		if err != nil {
			return failed("ledger", err)
		}
		for _, e := range entries {
			if !e.Balance() {
				return fail("ledger", "look at attache ledger --day "+day.Date+" and attache store check; keep a copy of the store for whoever looks into it", "%s of %s does not add up: an address was lost", day.Date, e.Source)
			}
			for _, n := range e.Opened {
				items += n
			}
		}
	}
	return fine("ledger", "adds up; %d addresses opened yesterday and today", items)
}

// Landing judges the batches that wait for S3.
func Landing(ctx context.Context, s Store, now time.Time) Finding {
	n, since, err := s.Waiting(ctx)
	switch {
	case err != nil:
		return failed("landing", err)
	case n == 0:
		return fine("landing", "all that was read is in S3")
	}
	age := now.Sub(since)
	return waiting("landing", age, "%d batches wait for S3, the oldest for %s", n, ago(age))
}

// sealGrace is what a seal may take.
const sealGrace = time.Hour

// Drops judges whether the newest day that should be sealed is. At is the time of
// day at which that begins.
func Drops(ctx context.Context, s Store, now time.Time, zone *time.Location, at time.Duration) Finding {
	drops, err := s.Drops(ctx)
	if err != nil {
		return failed("drops", err)
	}
	due := store.DayOf(now.Add(-at-sealGrace), zone).From.AddDate(0, 0, -1).Format(time.DateOnly)
	newest, first := "", ""
	for _, d := range drops {
		if first == "" {
			first = d.Date
		}
		if !d.Sealed.IsZero() {
			newest = max(newest, d.Date)
		}
	}
	if tomorrow := store.DayOf(store.DayOf(now, zone).To, zone).Date; len(drops) > 0 && drops[len(drops)-1].Date > tomorrow { // which attache drop seal --now opens
		return fail("drops", "if this clock is behind, set it; if it was ahead once, what is read goes into that drop, and none is sealed before that day is over: wait for it, or restore a copy of the store from before",
			"the open drop is that of %s, which is yet to come by this clock", drops[len(drops)-1].Date)
	}
	const do = "see what this says of s3 and of the process; attache run seals by itself, attache drop seal does it at once"
	for _, d := range drops {
		if d.Sealed.IsZero() && d.Date <= due {
			if newest == "" {
				return fail("drops", do, "none is sealed; %s should be", d.Date)
			}
			return fail("drops", do, "the newest that is sealed is %s, but %s is not, and should be", newest, d.Date)
		}
	}
	if newest == "" {
		return fine("drops", "none is sealed yet, and none is due")
	}
	return fine("drops", "sealed up to %s", newest)
}

// Takedowns judges whether every text that had to go is gone.
func Takedowns(ctx context.Context, s Store) Finding {
	open, err := s.Takedowns(ctx, store.OpenTakedowns)
	if err != nil {
		return failed("takedowns", err)
	}
	if len(open) > 0 {
		return fail("takedowns", "run attache drop seal, which goes on with them and says what is in the way", "%d are not done yet, such as that of %s", len(open), open[0].ArticleID)
	}
	return fine("takedowns", "none waits")
}
