package quality

import (
	"slices"
	"testing"
)

// weeks repeats seven days, of which the last is the day before the day judged.
func weeks(n int, days ...int64) []int64 { return slices.Repeat(days, n) }

func TestJudge(t *testing.T) {
	t.Parallel()
	workdays := []int64{0, 20, 21, 19, 20, 20, 0} // judged is a day like the first
	for name, c := range map[string]struct {
		rows     int64
		past     []int64
		verdict  Verdict
		expected float64 // -1: null
	}{
		"nothing known":                {5, nil, LittleHistory, -1},
		"only unknown days":            {5, weeks(4, -1, -1, -1, -1, -1, -1, -1), LittleHistory, -1},
		"six days":                     {0, weeks(1, 9, 9, 9, 9, 9, 9), LittleHistory, 9},
		"seven days":                   {9, weeks(1, 9, 9, 9, 9, 9, 9, 9), Usual, 9},
		"seven days and silence":       {0, weeks(1, 9, 9, 9, 9, 9, 9, 9), Silent, 9},
		"unknown days do not count":    {0, append([]int64{-1, -1}, 9, 9, 9, 9, 9, 9), LittleHistory, 9},
		"three spreads below":          {16, weeks(4, 36, 36, 36, 36, 36, 36, 36), Low, 36},
		"a bit less is usual":          {18, weeks(4, 36, 36, 36, 36, 36, 36, 36), Usual, 36},
		"a bit more is usual":          {54, weeks(4, 36, 36, 36, 36, 36, 36, 36), Usual, 36},
		"three spreads above":          {55, weeks(4, 36, 36, 36, 36, 36, 36, 36), High, 36},
		"one outlier moves nothing":    {55, append(weeks(3, 36, 36, 36, 36, 36, 36, 36), 36, 900, 36, 36, 36, 36, 36), High, 36},
		"what varies may vary":         {55, weeks(4, 10, 60, 20, 50, 36, 25, 45), Usual, 10},
		"an empty weekday":             {0, weeks(4, workdays...), Usual, 0},
		"news on an empty weekday":     {40, weeks(4, workdays...), High, 0},
		"two on a day usually empty":   {2, weeks(4, 0, 0, 0, 0, 0, 0, 0), Usual, 0},
		"three on a day usually empty": {3, weeks(4, 0, 0, 0, 0, 0, 0, 0), High, 0},
		"silence on a workday":         {0, weeks(4, workdays[1:6]...)[:20:20], Silent, 20},
		"few, and often none":          {0, weeks(5, 0, 2, 1, 1, 2), Usual, 2},
		"few, but always some":         {0, weeks(4, 1, 1, 2, 1, 1, 1, 2), Silent, 1},
		"two same weekdays":            {20, weeks(2, 1, 20, 20, 20, 20, 20, 20), Usual, 20},
		"three same weekdays":          {1, weeks(3, 1, 20, 20, 20, 20, 20, 20), Usual, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := slices.Clone(c.past)
			got := judge(c.rows, c.past)
			if got.Verdict != c.verdict {
				t.Errorf("verdict = %s, want %s", got.Verdict, c.verdict)
			}
			if expected := deref(got.Expected); expected != c.expected {
				t.Errorf("expected = %g, want %g", expected, c.expected)
			}
			if !slices.Equal(before, c.past) {
				t.Error("the history was changed")
			}
		})
	}
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	b := judge(7, []int64{3, 8, 1, -1, 9, 4, 6, 5, 100})
	if b.Days != 8 || deref(b.Median) != 5.5 || deref(b.MAD) != 2.5 || deref(b.Weekday) != 1 || deref(b.Expected) != 5.5 {
		t.Errorf("days %d, median %g, MAD %g, weekday %g, expected %g", b.Days, deref(b.Median), deref(b.MAD), deref(b.Weekday), deref(b.Expected))
	}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	got := together([][]int64{{1, -1, 3}, {-1, 5}, nil, {7}})
	if want := []int64{1, -1, 15}; !slices.Equal(got, want) {
		t.Errorf("together = %v, want %v", got, want)
	}
	if got := recent(append(weeks(5, 1, 2, 3, 4, 5, 6, -7), 8)); len(got) != historyDays || got[len(got)-1] != 8 || got[len(got)-2] != -1 {
		t.Errorf("recent = %v", got)
	}
}

func deref(f *float64) float64 {
	if f == nil {
		return -1
	}
	return *f
}
