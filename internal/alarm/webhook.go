package alarm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// mostAlerts bounds a message; what is left follows in the next.
const mostAlerts = 100

// Message is Alertmanager's, version 4, so that whatever takes its webhooks takes ours:
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
type Message struct {
	Version           string            `json:"version"`
	GroupKey          string            `json:"groupKey"`
	TruncatedAlerts   int               `json:"truncatedAlerts"`
	Status            string            `json:"status"` // firing while one of them is; else resolved
	Receiver          string            `json:"receiver"`
	GroupLabels       map[string]string `json:"groupLabels"`
	CommonLabels      map[string]string `json:"commonLabels"`
	CommonAnnotations map[string]string `json:"commonAnnotations"`
	ExternalURL       string            `json:"externalURL"`
	Alerts            []Told            `json:"alerts"`
}

// Told is one alert of a message.
type Told struct {
	Status       string            `json:"status"` // firing or resolved
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"` // zero while it goes on
	GeneratorURL string            `json:"generatorURL"`
	Fingerprint  string            `json:"fingerprint"` // the same each time it is told
}

func message(list []Active, instance string) Message {
	m := Message{
		Version: "4", GroupKey: "{}:{job=\"attache\"}", Status: "resolved", Receiver: "attache", GroupLabels: map[string]string{"job": "attache"},
		CommonLabels: map[string]string{"job": "attache", "instance": instance}, CommonAnnotations: map[string]string{},
		TruncatedAlerts: max(0, len(list)-mostAlerts),
	}
	for _, x := range list[:min(len(list), mostAlerts)] {
		r, _ := Named(x.Name)
		labels := maps.Clone(m.CommonLabels)
		maps.Copy(labels, x.Labels)
		labels["alertname"], labels["severity"] = x.Name, string(r.Severity)
		sum := sha256.Sum256([]byte(Alert{Rule: r, Labels: labels}.key()))
		t := Told{
			Status: "firing", Labels: labels, StartsAt: x.Fired.UTC(), EndsAt: x.Over.UTC(), Fingerprint: hex.EncodeToString(sum[:8]),
			Annotations: map[string]string{"summary": x.Text, "description": r.Means, "do": r.Do, "runbook": r.Anchor()},
		}
		if x.Over.IsZero() {
			m.Status = "firing"
		} else {
			t.Status = "resolved"
		}
		m.Alerts = append(m.Alerts, t)
	}
	return m
}

// sending bounds one message.
const sending = 10 * time.Second

// newClient follows no redirect: the address is a secret, and the answer's is not ours.
func newClient() *http.Client {
	return &http.Client{Timeout: sending, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// post sends m. Its error never holds the webhook's address, of which the path is most
// often a secret.
func (a *Alarms) post(ctx context.Context, s Settings, m Message) error {
	address, err := s.address()
	if err != nil {
		return err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errAddress
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", a.Agent)
	resp, err := a.Client.Do(req)
	if err != nil {
		return errors.New(plain(err))
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("it answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return nil
}

// plain is err without the address that net/http puts before it.
func plain(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return err.Error()
}

var errAddress = errors.New("the webhook's address is none; it must look like https://host/path")

// address is the webhook's. The file is read each time: what it holds may be renewed.
func (s Settings) address() (string, error) {
	address := s.URL
	if s.File != "" {
		f, err := os.Open(s.File)
		if err != nil {
			return "", fmt.Errorf("alarms.webhook_file: %w", err)
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, 4<<10))
		if err != nil {
			return "", fmt.Errorf("alarms.webhook_file: %w", err)
		}
		address = strings.TrimSpace(string(text))
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errAddress
	}
	return address, nil
}
