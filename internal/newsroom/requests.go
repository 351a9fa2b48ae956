package newsroom

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Request is one request as the server saw it.
type Request struct {
	Time            time.Time
	Ended           time.Time // when the answer was all handed to the connection, or given up; zero until then
	Host            string
	Path            string // with the query, as sent
	UserAgent       string
	IfNoneMatch     string
	IfModifiedSince string
	AcceptEncoding  string
	Status          int   // 0 when no answer was sent
	Bytes           int64 // of the answer's body, as sent
}

// Conditional tells whether the client held something already.
func (q Request) Conditional() bool { return q.IfNoneMatch != "" || q.IfModifiedSince != "" }

// Requests are all requests so far, in the order they came, those under way too.
// What a client has seen of an answer is in them.
func (r *Room) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// witness keeps what is sent in answer to one request.
type witness struct {
	http.ResponseWriter
	room  *Room
	index int // in room.requests
}

// witness begins the record of q.
func (r *Room) witness(w http.ResponseWriter, q *http.Request) *witness {
	seen := Request{
		Time: r.clock(), Host: hostname(q), Path: q.URL.RequestURI(), UserAgent: q.UserAgent(),
		IfNoneMatch:     q.Header.Get("If-None-Match"),
		IfModifiedSince: q.Header.Get("If-Modified-Since"),
		AcceptEncoding:  q.Header.Get("Accept-Encoding"),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, seen)
	return &witness{w, r, len(r.requests) - 1}
}

// note keeps something of the request before the client can know it.
func (w *witness) note(what func(*Request)) {
	w.room.mu.Lock()
	defer w.room.mu.Unlock()
	what(&w.room.requests[w.index])
}

// Unwrap is for [http.ResponseController].
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *witness) WriteHeader(status int) {
	w.note(func(q *Request) { q.Status = cmp.Or(q.Status, status) })
	w.ResponseWriter.WriteHeader(status)
}

func (w *witness) Write(b []byte) (int, error) {
	w.note(func(q *Request) { q.Status, q.Bytes = cmp.Or(q.Status, http.StatusOK), q.Bytes+int64(len(b)) })
	return w.ResponseWriter.Write(b)
}

func (w *witness) end() {
	at := w.room.clock()
	w.note(func(q *Request) { q.Ended = at })
}
