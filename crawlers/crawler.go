// Package crawlers finds what publishers have listed and fetches it, politely.
// colly drives one short-lived collector a run; everything that is policy sits
// in the transport under it.
package crawlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/gocolly/colly/v2"

	"attache/crawlers/transport"
	"attache/internal/coding"
	"attache/internal/warc"
	"attache/seeds"
)

// Crawler works for one source during one run. It is not safe for concurrent use.
type Crawler struct {
	Keep func(Page) // is given every answer with a body, lists included; may be nil

	source *seeds.Source
	colly  *colly.Collector
	wire   *transport.Transport
	asked  request // the one under way
	status int     // that its last hop answered; 0 when it did not
}

// New makes the crawler of one run; everything it does ends with ctx.
func New(ctx context.Context, t *transport.Transport, source *seeds.Source) *Crawler {
	crawler := &Crawler{source: source, wire: t}
	policy := transport.Policy{Source: source.ID, Pace: source.Pace, Ports: source.Ports, OldTLS: source.OldTLS, Held: crawler.holds, Largest: crawler.largest}
	c := colly.NewCollector(
		colly.StdlibContext(transport.With(ctx, policy)),
		colly.UserAgent(t.UserAgent()),
		colly.AllowURLRevisit(), // what was visited is the store's to remember, over restarts
		colly.IgnoreRobotsTxt(), // asked in the transport: colly keeps it for ever and fetches it past the limits
		colly.MaxBodySize(0),    // colly cuts silently; the transport fails aloud
	)
	c.WithTransport(witness{t, crawler})
	c.SetRequestTimeout(0) // colly's clock would run while a request waits for its turn
	c.SetRedirectHandler(crawler.follow)
	c.OnResponse(func(r *colly.Response) { keep(r) })
	c.OnError(func(r *colly.Response, _ error) { keep(r) })
	crawler.colly = c
	return crawler
}

// maxHops is how many redirects are followed for one address.
const maxHops = 5

// follow judges a redirect; what it allows passes every layer of the transport
// like any request. From https to http is allowed: the page's URL tells. What a
// source sends to its own host's interface no other host gets.
func (c *Crawler) follow(req *http.Request, via []*http.Request) error {
	if req.URL.Host != via[0].URL.Host {
		for name := range c.asked.header {
			req.Header.Del(name)
		}
		req.Header.Set("Accept", c.asked.accept)
	}
	if len(via) > maxHops {
		return fmt.Errorf("it redirects more than %d times", maxHops)
	}
	if s := req.URL.Scheme; s != "https" && s != "http" {
		return fmt.Errorf("it redirects to %s, which is no http(s) address", req.URL.Redacted())
	}
	return nil
}

// Page is an answer of 200 with its whole body, or word that nothing changed.
type Page struct {
	URL         string // after redirects
	ContentType string
	Body        []byte
	FetchedAt   time.Time
	Validators  transport.Validators // of the answer; they belong to URL
	Unchanged   bool                 // it is as the validators that were held say; there is no body
	Raw         *warc.Ref            // where its capture is kept; nil when none is
}

// witness notes the status of an answer, which colly forgets when the body does
// not come whole.
type witness struct {
	next http.RoundTripper
	of   *Crawler
}

func (w witness) RoundTrip(req *http.Request) (*http.Response, error) {
	w.of.status = 0
	resp, err := w.next.RoundTrip(req)
	if err == nil {
		w.of.status = resp.StatusCode
	}
	return resp, err
}

const answerKey = "answer"

func keep(r *colly.Response) { r.Ctx.Put(answerKey, r) }

// request is one address to get. Without a held address the answer is
// unconditional.
type request struct {
	address string
	accept  string
	header  http.Header // more to send, to this host only; may be nil
	largest int64       // most bytes of the answer; 0 for those a page may have
	held    condition
}

// condition is what a request may be conditional on: validators, and the
// addresses they are true of. Any other hop of a redirect is asked plainly.
type condition struct {
	validators transport.Validators
	of         func(address string) bool
	used       bool
}

// holds answers the transport: one request at a time is under way.
func (c *Crawler) holds(address string) transport.Validators {
	held := &c.asked.held
	if held.of == nil || !held.of(address) {
		return transport.Validators{}
	}
	held.used = true
	return held.validators
}

func (c *Crawler) largest(string) int64 { return c.asked.largest }

// get fetches one address. Every failure is an *Error that says what it means
// for the address.
func (c *Crawler) get(r request) (Page, error) {
	box := colly.NewContext()
	header := http.Header{"User-Agent": {c.colly.UserAgent}, "Accept": {r.accept}, "Accept-Language": {c.source.Language + ", *;q=0.5"}}
	maps.Copy(header, r.header)
	c.asked, c.status = r, 0
	err := c.colly.Request(http.MethodGet, r.address, nil, box, header)
	conditional := c.asked.held.used && r.held.validators != (transport.Validators{})
	c.asked = request{}
	answer, _ := box.GetAny(answerKey).(*colly.Response)
	if answer == nil || answer.Headers == nil {
		if _, large := errors.AsType[*coding.TooLarge](err); large && r.largest == 0 {
			err = fmt.Errorf("%w; crawl.max_page says how large a page may be", err)
		}
		return Page{}, verdict(r.address, c.status, err)
	}
	page := Page{
		URL:        answer.Request.URL.String(),
		FetchedAt:  c.wire.Now().UTC().Truncate(time.Microsecond),
		Validators: transport.Validators{ETag: answer.Headers.Get("ETag"), LastModified: answer.Headers.Get("Last-Modified")},
	}
	if ref, ok := transport.Raw(*answer.Headers); ok {
		page.Raw = &ref
	}
	if answer.StatusCode == http.StatusNotModified && conditional { // colly takes it for an error
		page.Unchanged = true
		page.Validators = renew(r.held.validators, page.Validators)
		return page, nil
	}
	if answer.StatusCode != http.StatusOK { // colly takes 201 and 202 for pages; firewalls answer so with a challenge
		return Page{}, verdict(r.address, answer.StatusCode, answers(answer.StatusCode))
	}
	if err != nil {
		return Page{}, verdict(r.address, answer.StatusCode, err)
	}
	page.ContentType, page.Body = answer.Headers.Get(transport.ContentType), answer.Body
	if c.Keep != nil {
		c.Keep(page)
	}
	return page, nil
}

// renew is what is held after a 304, which may bring new validators (RFC 9111, 4.3.4).
func renew(held, sent transport.Validators) transport.Validators {
	if sent.ETag != "" {
		held.ETag = sent.ETag
	}
	if sent.LastModified != "" {
		held.LastModified = sent.LastModified
	}
	return held
}

const acceptPage = "text/html,application/xhtml+xml"

// Fetch gets the page of an article, or the word that it is as held. A redirect
// that ends at something that is not this article is [Elsewhere].
func (c *Crawler) Fetch(address string, held transport.Validators) (Page, error) {
	asked, _ := c.source.Identify(address)
	page, err := c.get(request{address: address, accept: acceptPage, held: condition{
		validators: held,
		// The article may have moved; what it moved away to must not pass for it.
		of: func(hop string) bool { got, ok := c.source.Identify(hop); return ok && got == asked },
	}})
	if err != nil {
		return Page{}, err
	}
	if got, _ := c.source.Identify(page.URL); got != asked {
		return Page{}, &Error{Address: address, Status: http.StatusOK, Verdict: Elsewhere, Err: fmt.Errorf("redirects to %s, which is not this article", page.URL)}
	}
	return page, nil
}
