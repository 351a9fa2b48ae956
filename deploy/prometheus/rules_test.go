// Package prometheus_test holds the rules and the board to Prometheus itself, and both
// to what attache tells.
package prometheus_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	dto "github.com/prometheus/client_model/go"

	"attache/internal/alarm"
)

// tool runs one of Prometheus's programs; scripts/test installs them.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Errorf("%s %q: %v\n%s", name, args, err, out)
	}
}

func TestFilesAreValid(t *testing.T) {
	t.Parallel()
	tool(t, "promtool", "check", "config", "prometheus.yml")
	tool(t, "promtool", "check", "rules", "--lint=all", "--lint-fatal", "alerts.yaml")
}

// Every alarm's rule is raised by Prometheus when, and only when, its condition has held
// for long enough, with the text that attache itself would send; and attache's own
// judgement of the same values is the same.
func TestRulesRaiseWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	at, err := filepath.Abs("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var held, calm promTest
	for _, r := range alarm.Rules {
		held.raised(t, r)
		calm.calm(t, r)
	}
	file := map[string]any{"rule_files": []string{at}, "evaluation_interval": "1m", "tests": []promTest{held, calm}}
	text, err := yaml.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "test.yaml")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "promtool", "test", "rules", name)
}

var labels = map[string]string{"source": "qk7", "host": "qk7.vn", "field": "body", "kind": "low", "operation": "PutObject", "reference": "s3", "instance": "a:1"}

// promTest is a test of promtool's:
// https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
type promTest struct {
	Interval string   `yaml:"interval"`
	Series   []series `yaml:"input_series"`
	Checks   []check  `yaml:"alert_rule_test"`
}

type series struct {
	Series string `yaml:"series"`
	Values string `yaml:"values"`
}

type check struct {
	At     string   `yaml:"eval_time"`
	Name   string   `yaml:"alertname"`
	Raised []raised `yaml:"exp_alerts"`
}

type raised struct {
	Labels      map[string]string `yaml:"exp_labels"`
	Annotations map[string]string `yaml:"exp_annotations"`
}

// values are one for which the rule's condition holds, and one for which it just does not.
func values(r alarm.Rule) (holds, not float64) {
	switch r.Op {
	case ">":
		return r.Limit + 0.5, r.Limit
	case ">=":
		return r.Limit, r.Limit - 0.125
	case "<":
		return r.Limit - 0.5, r.Limit
	case "!=":
		return r.Limit + 1, r.Limit
	}
	return r.Limit, r.Limit + 1
}

// add gives the series the rule looks at that value.
func (p *promTest) add(r alarm.Rule, value float64, long time.Duration) {
	p.Interval = "1m"
	metric, of := r.Metric, labels
	if r.Only != "" {
		metric, of = "up", map[string]string{"job": "attache", "instance": "a:1"}
	}
	var pairs []string
	for name, v := range of {
		pairs = append(pairs, fmt.Sprintf("%s=%q", name, v))
	}
	p.Series = append(p.Series, series{metric + "{" + strings.Join(pairs, ",") + "}", fmt.Sprintf("%g+0x%d", value, long/time.Minute+1)})
}

func (p *promTest) check(r alarm.Rule, at time.Duration, expected ...raised) {
	p.Checks = append(p.Checks, check{fmt.Sprintf("%dm", at/time.Minute), r.Name, expected})
}

// raised has the rule's condition hold from the beginning: a minute too early nothing is
// raised, then it is.
func (p *promTest) raised(t *testing.T, r alarm.Rule) {
	value, _ := values(r)
	after := r.For
	if r.Age { // promtool's clock begins at 0: then, it is as old as it may be
		value, after = -r.Limit, time.Minute+r.For
	}
	p.add(r, value, after)
	p.check(r, after-time.Minute)

	of := labels
	if r.Only != "" {
		of, value = map[string]string{"job": "attache", "instance": "a:1"}, 0
	} else {
		own := alarm.Judge([]*dto.MetricFamily{family(r.Metric, value)}, time.Unix(0, 0).Add(after))
		if len(own) != 1 || own[0].Rule.Name != r.Name {
			t.Errorf("%s: attache itself raises %v", r.Name, own)
			return
		}
		value = own[0].Value
	}
	text := alarm.Alert{Rule: r, Labels: of, Value: value}.Text()
	has := maps.Clone(of)
	has["severity"] = string(r.Severity)
	p.check(r, after, raised{has, map[string]string{"summary": text, "description": r.Means, "do": r.Do, "runbook": r.Anchor()}})
}

// calm has the rule's condition just not hold.
func (p *promTest) calm(t *testing.T, r alarm.Rule) {
	_, value := values(r)
	at := r.For + time.Hour
	if r.Age {
		value = at.Seconds() - r.Limit
	}
	if r.Only != "" {
		value = 1
	} else if own := alarm.Judge([]*dto.MetricFamily{family(r.Metric, value)}, time.Unix(0, 0).Add(at)); len(own) > 0 {
		t.Errorf("%s: attache itself raises %v for %g", r.Name, own, value)
	}
	p.add(r, value, at)
	p.check(r, at)
}

func family(name string, value float64) *dto.MetricFamily {
	m := &dto.Metric{Gauge: &dto.Gauge{Value: &value}}
	for n, v := range labels {
		m.Label = append(m.Label, &dto.LabelPair{Name: &n, Value: &v})
	}
	return &dto.MetricFamily{Name: &name, Type: dto.MetricType_GAUGE.Enum(), Metric: []*dto.Metric{m}}
}
