package prometheus_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"attache/internal/alarm"
	"attache/internal/metrics/metricstest"
)

// board is the part of Grafana's dashboard that asks Prometheus.
type board struct {
	Panels []struct {
		Type, Title string
		GridPos     struct{ X, Y, W, H int }
		Targets     []struct{ Expr string }
	}
	Templating struct {
		List []struct {
			Name       string
			Definition string
		}
	}
}

func readBoard(t *testing.T) (b board) {
	t.Helper()
	text, err := os.ReadFile("../grafana/attache.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// What Grafana puts in for its variables.
var variables = strings.NewReplacer("$__rate_interval", "1m", "$source", ".*")

// Prometheus itself, which has scraped an attache, answers every query of the board with
// data, and every alarm's expression without an error.
func TestPrometheusAnswersTheBoard(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	target := httptest.NewServer(w.Metrics.Handler())
	t.Cleanup(target.Close)
	p := startPrometheus(t, strings.TrimPrefix(target.URL, "http://"))
	queries := map[string]string{}
	for _, panel := range readBoard(t).Panels {
		for _, target := range panel.Targets {
			queries[panel.Title+": "+target.Expr] = variables.Replace(target.Expr)
		}
	}
	if len(queries) < 30 {
		t.Errorf("the board has %d queries only", len(queries))
	}
	for name, query := range queries {
		if err := p.until(t, func(ctx context.Context) error { return p.asks(ctx, query, true) }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range alarm.Rules {
		if err := p.asks(t.Context(), r.Expr(), false); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		if r.Only == "" {
			if err := p.asks(t.Context(), r.Metric, true); err != nil {
				t.Errorf("%s is of a metric that attache does not tell: %v", r.Name, err)
			}
		}
	}
}

var ours = regexp.MustCompile(`\battache_[a-z0-9_]+`)

// The board fits its grid and names no metric that is not there.
func TestBoardIsOfWhatThereIs(t *testing.T) {
	t.Parallel()
	w := metricstest.New(t)
	families, err := w.Metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range families {
		there[f.GetName()], there[f.GetName()+"_bucket"] = true, true
	}
	b := readBoard(t)
	taken := map[[2]int]string{}
	var asked []string
	for _, panel := range b.Panels {
		if panel.GridPos.X+panel.GridPos.W > 24 {
			t.Errorf("%q is too far right", panel.Title)
		}
		for x := range panel.GridPos.W {
			for y := range panel.GridPos.H {
				at := [2]int{panel.GridPos.X + x, panel.GridPos.Y + y}
				if other := taken[at]; other != "" {
					t.Fatalf("%q stands on %q", panel.Title, other)
				}
				taken[at] = panel.Title
			}
		}
		for _, target := range panel.Targets {
			asked = append(asked, ours.FindAllString(target.Expr, -1)...)
		}
	}
	for _, v := range b.Templating.List {
		asked = append(asked, ours.FindAllString(v.Definition, -1)...)
	}
	for _, name := range asked {
		if !there[name] {
			t.Errorf("there is no metric %s", name)
		}
	}
	if len(asked) < 30 {
		t.Errorf("only %d metrics were found on the board", len(asked))
	}
	if _, ok := there["attache_source_silence_ratio"]; !ok {
		t.Errorf("of %v", slices.Sorted(maps.Keys(there)))
	}
}

// instance is a Prometheus that runs.
type instance struct {
	address string
	log     *bytes.Buffer
}

// startPrometheus has one scrape the target, with the rules beside this file.
func startPrometheus(t *testing.T, target string) *instance {
	t.Helper()
	dir := t.TempDir()
	rules, err := filepath.Abs("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms}\nrule_files: [%q]\nscrape_configs: [{job_name: attache, static_configs: [{targets: [%q]}]}]\n", rules, target)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &instance{address: freePort(t), log: new(bytes.Buffer)}
	cmd := exec.Command("prometheus", "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+p.address, "--log.level=warn")
	cmd.Stderr = p.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // ended by a signal
		if t.Failed() {
			t.Logf("Prometheus says:\n%s", p.log)
		}
	})
	if err := p.until(t, func(ctx context.Context) error { return p.get(ctx, "/-/ready", nil) }); err != nil {
		t.Fatal(err)
	}
	return p
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// until tries until it goes well, or gives the last error after a while.
func (p *instance) until(t *testing.T, try func(ctx context.Context) error) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

func (p *instance) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && into == nil {
		return errors.New(resp.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// asks is nil when the query has an answer; with data, when that is wanted.
func (p *instance) asks(ctx context.Context, query string, data bool) error {
	var answer struct {
		Status, Error string
		Data          struct{ Result []any }
	}
	if err := p.get(ctx, "/api/v1/query?query="+url.QueryEscape(query), &answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return errors.New(answer.Error)
	}
	if data && len(answer.Data.Result) == 0 {
		return errors.New("no data")
	}
	return nil
}
