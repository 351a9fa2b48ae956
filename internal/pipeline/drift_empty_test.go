package pipeline

import "testing"

// A publisher that is down is not one that has moved its lists.
func TestEmptyRuns(t *testing.T) {
	t.Parallel()
	listed := Report{Listed: 3, Steps: []Step{{Listed: 3}}}
	empty := Report{Steps: []Step{{}, {}}}
	down := Report{Steps: []Step{{}, {Error: "503"}}}
	cut := Report{Error: "context canceled"}
	same := Report{Steps: []Step{{Unchanged: true}}}
	for name, c := range map[string]struct {
		reports []Report
		want    int
	}{
		"down":                 {[]Report{down, down, down, listed}, 0},
		"empty":                {[]Report{empty, empty, listed}, 2},
		"empty, then down":     {[]Report{down, cut, empty, empty, listed}, 2},
		"nothing has changed":  {[]Report{empty, same, empty, listed}, 1},
		"it never listed":      {[]Report{empty, empty}, 0},
		"there was no run yet": {nil, 0},
	} {
		if got := EmptyRuns(c.reports); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
