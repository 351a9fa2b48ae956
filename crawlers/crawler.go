// Package crawlers finds what publishers have listed and fetches it, politely.
// colly drives one short-lived collector a run; everything that is policy sits
// in the transport under it.
package crawlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gocolly/colly/v2"

	"attache/crawlers/transport"
	"attache/seeds"
)

// Crawler works for one source during one run. It is not safe for concurrent use.
type Crawler struct {
	Keep func(Page) // is given every answer, lists included; may be nil

	source *seeds.Source
	colly  *colly.Collector
}

// New makes the crawler of one run; everything it does ends with ctx.
func New(ctx context.Context, t *transport.Transport, source *seeds.Source) *Crawler {
	c := colly.NewCollector(
		colly.StdlibContext(transport.With(ctx, transport.Policy{Source: source.ID, Pace: source.Pace})),
		colly.UserAgent(t.UserAgent()),
		colly.AllowURLRevisit(), // what was visited is the store's to remember, over restarts
		colly.IgnoreRobotsTxt(), // asked in the transport: colly keeps it for ever and fetches it past the limits
		colly.MaxBodySize(0),    // colly cuts silently; the transport fails aloud
	)
	c.WithTransport(t)
	c.SetRequestTimeout(0) // colly's clock would run while a request waits for its turn
	c.OnResponse(func(r *colly.Response) { keep(r) })
	c.OnError(func(r *colly.Response, _ error) { keep(r) })
	return &Crawler{source: source, colly: c}
}

// Page is an answer of 200 with its whole body.
type Page struct {
	URL         string // after redirects
	ContentType string
	Body        []byte
	FetchedAt   time.Time
}

const answerKey = "answer"

func keep(r *colly.Response) { r.Ctx.Put(answerKey, r) }

// get fetches one address. Every failure is an *Error that says what it means
// for the address.
func (c *Crawler) get(address, accept string) (Page, error) {
	box := colly.NewContext()
	header := http.Header{"User-Agent": {c.colly.UserAgent}, "Accept": {accept}, "Accept-Language": {c.source.Language + ", *;q=0.5"}}
	err := c.colly.Request(http.MethodGet, address, nil, box, header)
	answer, _ := box.GetAny(answerKey).(*colly.Response)
	if answer == nil {
		return Page{}, verdict(address, 0, err)
	}
	if err != nil {
		return Page{}, verdict(address, answer.StatusCode, err)
	}
	if answer.StatusCode != http.StatusOK { // colly takes 201 and 202 for pages; firewalls answer so with a challenge
		return Page{}, verdict(address, answer.StatusCode, errors.New("this is no page"))
	}
	page := Page{
		URL:         answer.Request.URL.String(),
		ContentType: answer.Headers.Get(transport.ContentType),
		Body:        answer.Body,
		FetchedAt:   time.Now().UTC().Truncate(time.Microsecond),
	}
	if c.Keep != nil {
		c.Keep(page)
	}
	return page, nil
}

// Fetch gets the page of an article. A redirect that ends at something that is
// not this article means that the article is gone.
func (c *Crawler) Fetch(address string) (Page, error) {
	page, err := c.get(address, "text/html,application/xhtml+xml")
	if err != nil {
		return Page{}, err
	}
	asked, _ := c.source.Identify(address)
	if got, _ := c.source.Identify(page.URL); got != asked {
		return Page{}, &Error{Address: address, Verdict: Gone, Err: fmt.Errorf("redirects to %s, which is not this article", page.URL)}
	}
	return page, nil
}

// Verdict is what a failure means for the address.
type Verdict string

// The verdicts.
const (
	Again  Verdict = "again"  // may work later: timeouts, 5xx, 403 from a nervous firewall
	Busy   Verdict = "busy"   // the host wants quiet: 429 and 503, or any 5xx for its robots.txt; nothing more to it in this run
	Gone   Verdict = "gone"   // 404, 410, or leads elsewhere
	Denied Verdict = "denied" // robots.txt forbids it
)

// Error is a fetch that gave no page.
type Error struct {
	Address string
	Status  int // 0 when no answer came
	Verdict Verdict
	Err     error
}

func (e *Error) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("%s answers %d %s", e.Address, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%s: %v", e.Address, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// verdict judges in one place what every status and error means.
func verdict(address string, status int, err error) *Error {
	e := &Error{Address: address, Status: status, Verdict: Again, Err: err}
	switch {
	case errors.Is(err, transport.ErrRobots):
		e.Verdict = Denied
	case status == http.StatusNotFound || status == http.StatusGone:
		e.Verdict = Gone
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || errors.Is(err, transport.ErrUnanswered):
		e.Verdict = Busy
	}
	return e
}

// VerdictOf is the verdict of an error from this package, Again for any other.
func VerdictOf(err error) Verdict {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Verdict
	}
	return Again
}
