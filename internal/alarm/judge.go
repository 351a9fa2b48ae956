package alarm

import (
	"maps"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// Alert is one alarm, of one source or host or operation, whose condition holds.
type Alert struct {
	Rule   Rule
	Labels map[string]string // of the metric
	Value  float64
}

// key names the alert, whatever its value.
func (a Alert) key() string {
	parts := []string{a.Rule.Name}
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		parts = append(parts, name+"="+a.Labels[name])
	}
	return strings.Join(parts, "\x00")
}

// known gives the keys of all alerts of which these metrics tell whether they hold.
func known(families []*dto.MetricFamily) map[string]bool {
	keys := map[string]bool{}
	for _, f := range families {
		for _, r := range Rules {
			if r.Metric != f.GetName() {
				continue
			}
			for _, m := range f.GetMetric() {
				keys[Alert{Rule: r, Labels: labels(m)}.key()] = true
			}
		}
	}
	return keys
}

func labels(m *dto.Metric) map[string]string {
	all := map[string]string{}
	for _, l := range m.GetLabel() {
		all[l.GetName()] = l.GetValue()
	}
	return all
}

// Judge gives every alert whose condition holds on these metrics, in the order of
// [Rules]; For is not waited for.
func Judge(families []*dto.MetricFamily, now time.Time) []Alert {
	byName := make(map[string]*dto.MetricFamily, len(families))
	for _, f := range families {
		byName[f.GetName()] = f
	}
	alerts := []Alert{}
	for _, r := range Rules {
		if r.Only != "" {
			continue
		}
		for _, m := range byName[r.Metric].GetMetric() {
			of, yes := r.holds(m.GetGauge().GetValue(), now)
			if !yes {
				continue
			}
			alerts = append(alerts, Alert{Rule: r, Value: of, Labels: labels(m)})
		}
	}
	return alerts
}
