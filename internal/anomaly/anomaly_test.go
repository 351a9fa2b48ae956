package anomaly

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/quality"
)

// now is a Friday, six in the morning where the sources are.
var (
	zone = time.FixedZone("", 7*3600)
	now  = time.Date(2026, 11, 20, 6, 0, 0, 0, zone)
)

// life makes a past: of each hour of so many days before now, whether the lists were
// read and how many articles were new.
func life(days int, of func(at time.Time) (looked bool, count int)) (p Past) {
	for at := now.Add(-time.Duration(days) * day); !at.After(now); at = at.Add(time.Hour) {
		looked, n := of(at)
		if looked {
			p.Looks = append(p.Looks, at)
		}
		if looked && n > 0 {
			p.News = append(p.News, News{at, n})
		}
	}
	return p
}

// office publishes two articles an hour from eight to six on workdays.
func office(at time.Time) (bool, int) {
	if w := at.Weekday(); w == time.Saturday || w == time.Sunday || at.Hour() < 8 || at.Hour() > 18 {
		return true, 0
	}
	return true, 2
}

func TestSilence(t *testing.T) {
	t.Parallel()
	until := func(end time.Time, of func(time.Time) (bool, int)) func(time.Time) (bool, int) {
		return func(at time.Time) (bool, int) {
			looked, n := of(at)
			if at.After(end) {
				n = 0
			}
			return looked, n
		}
	}
	for name, c := range map[string]struct {
		past          Past
		silent, usual time.Duration
	}{
		"nothing known": {Past{}, 0, 0},
		"a week":        {life(7, office), 12 * time.Hour, 0},
		"four weeks of offices: the weekend is usual": {life(28, office), 12 * time.Hour, 62 * time.Hour},
		"two weeks are enough":                        {life(14, office), 12 * time.Hour, 62 * time.Hour},
		"silent for four days":                        {life(28, until(now.Add(-4*day), office)), 156 * time.Hour, 62 * time.Hour},
		"never silent for long":                       {life(28, func(time.Time) (bool, int) { return true, 1 }), 0, least},
		"a holiday week changes nothing": {life(28, func(at time.Time) (bool, int) {
			if back := now.Sub(at); back > 8*day && back < 13*day {
				return true, 0
			}
			return office(at)
		}), 12 * time.Hour, 62 * time.Hour},
		"two weeks of four without a word": {life(28, func(at time.Time) (bool, int) {
			if now.Sub(at) < 15*day {
				return true, 0
			}
			return office(at)
		}), 372 * time.Hour, 62 * time.Hour},
		"an attache that did not run is not a silent source": {life(28, func(at time.Time) (bool, int) {
			_, n := office(at)
			return now.Sub(at) > 3*day, n
		}), 11 * time.Hour, 62 * time.Hour},
		"it publishes once a week": {life(28, func(at time.Time) (bool, int) {
			if at.Weekday() == time.Monday && at.Hour() == 9 {
				return true, 3
			}
			return true, 0
		}), 93 * time.Hour, 0}, // four are too few
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			silent, usual := c.past.Silence(now)
			if silent != c.silent || usual != c.usual {
				t.Errorf("silent for %s, usually for %s; want %s and %s", silent, usual, c.silent, c.usual)
			}
		})
	}
}

func TestVolume(t *testing.T) {
	t.Parallel()
	yesterday := func(at time.Time) bool { return at.Day() == 19 && at.Month() == 11 }
	changed := func(by func(n int) (bool, int)) Past {
		return life(28, func(at time.Time) (bool, int) {
			looked, n := office(at)
			if yesterday(at) {
				looked, n = by(n)
			}
			return looked, n
		})
	}
	for name, c := range map[string]struct {
		past    Past
		ok      bool
		verdict quality.Verdict
		count   int64
	}{
		"nothing known": {Past{}, false, "", 0},
		"ten days":      {life(10, office), false, "", 0},
		"as always":     {life(28, office), true, quality.Usual, 22},
		"nothing":       {changed(func(int) (bool, int) { return true, 0 }), true, quality.Silent, 0},
		"half":          {changed(func(n int) (bool, int) { return true, n / 2 }), true, quality.Usual, 11},
		"two hours of eleven": {life(28, func(at time.Time) (bool, int) {
			looked, n := office(at)
			if yesterday(at) && at.Hour() > 9 {
				n = 0
			}
			return looked, n
		}), true, quality.Low, 4},
		"four times":     {changed(func(n int) (bool, int) { return true, 4 * n }), true, quality.High, 88},
		"not watched":    {changed(func(int) (bool, int) { return false, 0 }), false, "", 0},
		"a whole Sunday": {life(28, office).at(-4), true, quality.Usual, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := now
			if name == "a whole Sunday" {
				at = now.Add(-4 * day)
			}
			v, ok := c.past.Volume(at, zone)
			if ok != c.ok || v.Verdict != c.verdict || v.Count != c.count {
				t.Errorf("%+v, %t; want %s of %d, %t", v, ok, c.verdict, c.count, c.ok)
			}
		})
	}
	t.Run("caught up with", func(t *testing.T) {
		t.Parallel()
		p := life(28, func(at time.Time) (bool, int) {
			looked, n := office(at)
			switch {
			case at.Day() == 18:
				return false, 0
			case yesterday(at):
				n *= 4
			}
			return looked, n
		})
		if v, ok := p.Volume(now, zone); ok {
			t.Errorf("much news after a day without attache is called %+v", v)
		}
	})
}

// at is the past as if nothing was known of the last days.
func (p Past) at(days int) Past {
	end := now.AddDate(0, 0, days)
	p.News = slices.DeleteFunc(p.News, func(n News) bool { return n.At.After(end) })
	p.Looks = slices.DeleteFunc(p.Looks, func(at time.Time) bool { return at.After(end) })
	// The four weeks before are there too.
	var more Past
	for _, n := range p.News {
		more.News = append(more.News, News{n.At.Add(-28 * day), n.Count})
	}
	for _, at := range p.Looks {
		more.Looks = append(more.Looks, at.Add(-28*day))
	}
	return Past{append(more.News, p.News...), append(more.Looks, p.Looks...)}
}

// Whatever the past is: no panic, numbers that make sense, and no verdict on what is
// too short.
func TestWhateverThePast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var p Past
		at := now.Add(-time.Duration(rapid.IntRange(0, 60*24).Draw(r, "begin")) * time.Hour)
		for range rapid.IntRange(0, 200).Draw(r, "looks") {
			at = at.Add(time.Duration(rapid.IntRange(1, 3000).Draw(r, "minutes")) * time.Minute)
			p.Looks = append(p.Looks, at)
			if n := rapid.IntRange(0, 20).Draw(r, "news"); n > 10 {
				p.News = append(p.News, News{at, n})
			}
		}
		in, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Asia/Ho_Chi_Minh", "America/St_Johns", "Africa/Cairo"}).Draw(r, "zone"))
		if err != nil {
			r.Fatal(err)
		}
		silent, usual := p.Silence(now)
		if silent < 0 || usual != 0 && (usual < least || usual > 90*day) {
			r.Fatalf("silent for %s, usually for %s", silent, usual)
		}
		v, ok := p.Volume(now, in)
		if !ok && v != (Volume{}) || v.Count < 0 {
			r.Fatalf("%+v, %t", v, ok)
		}
		if young := len(p.Looks) == 0 || now.Sub(p.Looks[0]) < 2*week; young && (ok || usual != 0) {
			r.Fatalf("too little is known, but it says %+v and %s", v, usual)
		}
	})
}
