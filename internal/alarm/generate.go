package alarm

import (
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

//go:generate go run ./gen

const generatedBy = `Generated from internal/alarm/declared.go by "go generate ./internal/alarm". Do not edit.`

// Generated are the files that are made from the rules anew whenever they change, by
// their path in the repository.
func Generated() (map[string][]byte, error) {
	rules, err := prometheus()
	return map[string][]byte{"deploy/prometheus/alerts.yaml": rules, page: []byte(markdown())}, err
}

// prometheus gives the rules as Prometheus reads them:
// https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
func prometheus() ([]byte, error) {
	type rule struct {
		Alert       string            `yaml:"alert"`
		Expr        string            `yaml:"expr"`
		For         string            `yaml:"for"`
		Labels      map[string]string `yaml:"labels"`
		Annotations map[string]string `yaml:"annotations"`
	}
	type group struct {
		Name  string `yaml:"name"`
		Rules []rule `yaml:"rules"`
	}
	g := group{Name: "attache"}
	for _, r := range Rules {
		g.Rules = append(g.Rules, rule{
			r.Name, r.Expr(), promDuration(r.For),
			map[string]string{"severity": string(r.Severity)},
			map[string]string{"summary": r.Says, "description": r.Means, "do": r.Do, "runbook": r.Anchor()},
		})
	}
	text, err := yaml.MarshalWithOptions(map[string][]group{"groups": {g}}, yaml.Indent(2), yaml.IndentSequence(true))
	return append([]byte("# "+generatedBy+"\n"), text...), err
}

// promDuration writes d, whole minutes, as Prometheus reads it.
func promDuration(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}

func markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- %s -->\n", generatedBy)
	b.WriteString(`# Alarms

Each alarm below is raised in two ways, from one declaration: by Prometheus with the rules in
[deploy/prometheus/alerts.yaml](../deploy/prometheus/alerts.yaml), and by attache itself, which sends it to a
webhook in Alertmanager's form (` + "`alarms.webhook`" + ` in the configuration). Use one of them, or both.
` + "`attache alarms`" + ` lists what is wrong now, also while the daemon does not run.

What is sent is sent once, again every ` + "`alarms.repeat`" + ` while it goes on, and once when it is over; a restart
sends nothing anew. ` + "`alarms.mute`" + ` silences an alarm (` + "`AttacheVolumeUnusual`" + `), or an alarm of one source or
host (` + "`AttacheSourceSilent/qk7`" + `). A paused source raises none of its
own but AttacheLedgerOff, which speaks of the store.

Critical means that news or drops are being lost now; a warning is for the working day.

| alarm | severity | raised when | for |
|---|---|---|---|
`)
	for _, r := range Rules {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | `%s` | %s |\n", r.Name, strings.ToLower(r.Name), r.Severity, r.Expr(), promDuration(r.For))
	}
	for _, r := range Rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n**What to do.** %s\n", r.Name, r.Means, r.Do)
	}
	return b.String()
}
