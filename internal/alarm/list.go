package alarm

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"
)

// Listed is an alarm as programs and people are shown it.
type Listed struct {
	Name     string            `json:"name"`
	Severity Severity          `json:"severity"`
	State    string            `json:"state"` // pending: not for long enough yet; firing; over: its end is to be told
	Labels   map[string]string `json:"labels"`
	Value    float64           `json:"value"`
	Since    *time.Time        `json:"since"` // null when only how things stand now was looked at
	Text     string            `json:"text"`
	Do       string            `json:"do"`
	See      string            `json:"see"`
	Muted    bool              `json:"muted"`
}

// List is what [Alarms.Handler] answers.
type List struct {
	Alarms  []Listed `json:"alarms"`  // the most urgent first
	Webhook string   `json:"webhook"` // none, ok, or why the last message did not arrive
}

// List gives what is active.
func (a *Alarms) List() List {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := List{Alarms: []Listed{}, Webhook: "ok"}
	if a.Settings().none() {
		l.Webhook = "none"
	} else if a.trouble != "" {
		l.Webhook = a.trouble
	}
	for _, x := range a.sorted() {
		r, _ := Named(x.Name)
		state := "pending"
		switch {
		case !x.Over.IsZero():
			state = "over"
		case !x.Fired.IsZero():
			state = "firing"
		}
		since := x.Since
		l.Alarms = append(l.Alarms, Listed{r.Name, r.Severity, state, x.Labels, x.Value, &since, cmp.Or(x.Now, x.Text), r.Do, r.Anchor(), x.Muted})
	}
	return l
}

// ListOf gives alerts as they stand, without a past.
func ListOf(alerts []Alert, mute []string) List {
	l := List{Alarms: []Listed{}, Webhook: "none"}
	for _, x := range alerts {
		r := x.Rule
		l.Alarms = append(l.Alarms, Listed{
			r.Name, r.Severity, "firing", x.Labels, x.Value, nil, x.Text(), r.Do, r.Anchor(),
			muted(&Active{Name: r.Name, Labels: x.Labels}, mute),
		})
	}
	return l
}

// Handler answers with [Alarms.List] as JSON.
func (a *Alarms) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		body, err := json.Marshal(a.List())
		if err != nil { // a value that is no number
			http.Error(w, "the alarms cannot be written as JSON", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
}
