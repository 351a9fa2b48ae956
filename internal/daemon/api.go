package daemon

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"attache/internal/schedule"
	"attache/internal/store"
	"attache/internal/view"
	"attache/seeds"
	"attache/sinks"
)

// Bounds of one answer. What is beyond it is on the page that the Link header with
// rel="next" names.
const (
	someRuns, mostRuns   = 50, 500
	someLines, mostLines = 500, 2001
	someDrops, mostDrops = 31, 100
	someItems, mostItems = 200, 1000
	mostDays             = 62
	mostNext             = 100
)

// mux is what may be asked, by whoever was let in.
func (d *Daemon) mux() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /healthz", d.healthz)
	m.HandleFunc("GET /readyz", d.readyz)
	if d.Metrics != nil {
		m.Handle("GET /metrics", d.Metrics)
	}
	if d.Alarms != nil {
		m.Handle("GET /api/v1/alarms", d.Alarms)
	}
	m.HandleFunc("POST /-/reload", d.reloadNow)
	m.HandleFunc("GET /api/v1/status", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, d.Status()) })
	m.HandleFunc("GET /api/v1/sources", d.sources)
	m.HandleFunc("POST /api/v1/sources/{id}/{what}", d.control)
	m.HandleFunc("GET /api/v1/schedule", d.schedule)
	m.HandleFunc("GET /api/v1/runs", d.runs)
	m.HandleFunc("GET /api/v1/runs/{id}/log", d.log)
	m.HandleFunc("GET /api/v1/ledger", d.ledger)
	m.HandleFunc("GET /api/v1/drops", d.drops)
	m.HandleFunc("GET /api/v1/quarantine", d.quarantine)
	return m
}

// Status is how the daemon is.
type Status struct {
	Version  string    `json:"version"`
	Started  time.Time `json:"started"`
	Stopping bool      `json:"stopping"`
	Sources  int       `json:"sources"`
	Running  []string  `json:"running"` // tasks
	Reload   Reloaded  `json:"reload"`
}

// Status says how the daemon is.
func (d *Daemon) Status() Status {
	return Status{Version: d.o.Version, Started: d.began.UTC(), Stopping: d.stopping.Load(), Sources: len(d.Generation().Sources), Running: d.runningNow(), Reload: d.Reloaded()}
}

func (d *Daemon) reloadNow(w http.ResponseWriter, r *http.Request) {
	switch err := d.Reload(r.Context(), "request"); {
	case errors.Is(err, ErrStopping):
		refuse(w, http.StatusServiceUnavailable, "%v", err)
	case err != nil:
		refuse(w, http.StatusUnprocessableEntity, "%v", err)
	default:
		reply(w, http.StatusOK, d.Reloaded())
	}
}

// control pauses, resumes or runs a source, and says how it stands then.
func (d *Daemon) control(w http.ResponseWriter, r *http.Request) {
	id, what := r.PathValue("id"), r.PathValue("what")
	sources := d.Generation().Sources
	i := slices.IndexFunc(sources, func(s *seeds.Source) bool { return s.ID == id })
	if i < 0 {
		refuse(w, http.StatusNotFound, "no source called %q runs here; attache sources lists them", id)
		return
	}
	var err error
	switch what {
	case "pause":
		err = d.scheduler.Pause(r.Context(), id)
	case "resume":
		err = d.scheduler.Resume(r.Context(), id)
	case "run":
		err = d.scheduler.Now(id)
	default:
		refuse(w, http.StatusNotFound, "a source can be asked to pause, resume or run")
		return
	}
	switch {
	case errors.Is(err, schedule.ErrRunning):
		refuse(w, http.StatusConflict, "%v", err)
		return
	case err != nil:
		d.fail(w, r, err)
		return
	}
	d.o.Log.Info("an operator asked", "source", id, "to", what)
	table, err := d.timetable(r, sources[i:i+1], 1)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, table[0])
}

func (d *Daemon) timetable(r *http.Request, sources []*seeds.Source, n int) ([]view.When, error) {
	table, err := view.Timetable(r.Context(), d.o.Store, sources, d.o.Clock.Now(), n)
	states := d.States()
	for i := range table {
		live(&table[i], states, sources[i].Zone)
	}
	return table, err
}

// live adds what only the scheduler knows.
func live(w *view.When, states []schedule.State, zone *time.Location) {
	for _, st := range states {
		if st.ID == w.ID {
			w.Live(st, zone)
		}
	}
}

func (d *Daemon) sources(w http.ResponseWriter, r *http.Request) {
	sources := d.Generation().Sources
	rows, err := view.Sources(r.Context(), d.o.Store, sources, d.o.Clock.Now())
	if err != nil {
		d.fail(w, r, err)
		return
	}
	states := d.States()
	for i := range rows {
		live(&rows[i].When, states, sources[i].Zone)
	}
	reply(w, http.StatusOK, rows)
}

func (d *Daemon) schedule(w http.ResponseWriter, r *http.Request) {
	n, ok := number(w, r, "n", 5, 1, mostNext)
	if !ok {
		return
	}
	table, err := d.timetable(r, d.Generation().Sources, n)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, table)
}

func (d *Daemon) runs(w http.ResponseWriter, r *http.Request) {
	limit, ok := number(w, r, "limit", someRuns, 1, mostRuns)
	if !ok {
		return
	}
	runs, err := view.Runs(r.Context(), d.o.Store, r.FormValue("source"), r.FormValue("before"), limit)
	switch {
	case errors.Is(err, store.ErrNoRun):
		refuse(w, http.StatusNotFound, "before: no run is called %q", r.FormValue("before"))
	case err != nil:
		d.fail(w, r, err)
	default:
		if len(runs) == limit {
			next(w, r, "before", runs[limit-1].Run)
		}
		reply(w, http.StatusOK, runs)
	}
}

// log is one JSON object a line, as they are kept.
func (d *Daemon) log(w http.ResponseWriter, r *http.Request) {
	from, ok := number(w, r, "from", 0, 0, mostLines)
	if !ok {
		return
	}
	limit, ok := number(w, r, "limit", someLines, 1, mostLines)
	if !ok {
		return
	}
	lines, err := d.o.Store.Log(r.Context(), r.PathValue("id"), from, limit)
	switch {
	case err != nil:
		d.fail(w, r, err)
	case len(lines) == 0 && from == 0:
		refuse(w, http.StatusNotFound, "nothing is kept of a run %q", r.PathValue("id"))
	default:
		if len(lines) == limit {
			next(w, r, "from", strconv.Itoa(from+limit))
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		for _, line := range lines {
			fmt.Fprintln(w, line)
		}
	}
}

func (d *Daemon) ledger(w http.ResponseWriter, r *http.Request) {
	q := view.Question{Day: r.FormValue("day"), From: r.FormValue("from"), To: r.FormValue("to")}
	if q.Day != "" && q.From+q.To != "" {
		refuse(w, http.StatusBadRequest, "name a day, or from and to")
		return
	}
	days, err := q.Days(d.o.Clock.Now(), d.Generation().Config.Location(), mostDays)
	if err != nil {
		refuse(w, http.StatusBadRequest, "%v", err)
		return
	}
	books, err := view.Read(r.Context(), d.o.Store, r.FormValue("source"), days)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, books)
}

func (d *Daemon) drops(w http.ResponseWriter, r *http.Request) {
	limit, ok := number(w, r, "limit", someDrops, 1, mostDrops)
	if !ok {
		return
	}
	manifests, more, err := view.Drops(r.Context(), d.o.Bucket, r.FormValue("before"), limit)
	if err != nil && !errors.Is(err, sinks.ErrDamaged) {
		refuse(w, http.StatusBadGateway, "%v", err)
		return
	}
	if err != nil { // of single days, which attache drop verify names
		d.o.Log.Warn("a manifest is damaged", "error", err)
	}
	if more != "" {
		next(w, r, "before", more)
	}
	reply(w, http.StatusOK, manifests)
}

func (d *Daemon) quarantine(w http.ResponseWriter, r *http.Request) {
	limit, ok := number(w, r, "limit", someItems, 1, mostItems)
	if !ok {
		return
	}
	from, ok := number(w, r, "from", 0, 0, 1<<30)
	if !ok {
		return
	}
	pages, err := d.o.Store.InQuarantine(r.Context(), r.FormValue("source"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if pages = pages[min(from, len(pages)):]; len(pages) > limit {
		pages = pages[:limit]
		next(w, r, "from", strconv.Itoa(from+limit))
	}
	reply(w, http.StatusOK, pages)
}

// number reads a parameter within bounds; it has answered when it is not ok.
func number(w http.ResponseWriter, r *http.Request, name string, otherwise, least, most int) (int, bool) {
	text := r.FormValue(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		refuse(w, http.StatusBadRequest, "%s must be a number from %d to %d", name, least, most)
		return 0, false
	}
	return n, true
}

// next names the page that follows (RFC 8288).
func next(w http.ResponseWriter, r *http.Request, name, value string) {
	q := r.URL.Query()
	q.Set(name, value)
	u := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	w.Header().Set("Link", "<"+u.String()+`>; rel="next"`)
}
