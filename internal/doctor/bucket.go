package doctor

import (
	"context"
	"time"

	"attache/sinks"
)

// Prober tries what attache does in its bucket.
type Prober interface {
	Probe(ctx context.Context) (sinks.Probed, error)
}

// Apart from S3's clock: signatures are refused from 15 minutes on.
const (
	warnClock = 30 * time.Second
	failClock = 5 * time.Minute
)

// Bucket judges the rights in the bucket, and the clock against the service's.
func Bucket(ctx context.Context, b Prober) []Finding {
	p, err := b.Probe(ctx)
	if err != nil {
		return []Finding{failed("s3", err)}
	}
	var findings []Finding
	for _, r := range p.Rights {
		if r.Err != nil {
			findings = append(findings, fail("s3", "attache must be able to list, get and put with If-None-Match and If-Match; see what the message says", "cannot %s: %v", r.Name, r.Err))
		}
	}
	if len(findings) == 0 {
		findings = append(findings, fine("s3", "lists, puts and gets, and keeps to If-None-Match and If-Match"))
	}
	if p.Left != "" {
		findings = append(findings, warn("s3", "let attache delete below v1/, as the policy in deploy/s3 does, or live with what is superseded: live parts stay, and repairs and takedowns cannot end",
			"nothing may be deleted; the probe stays at %s", p.Left))
	}
	return append(findings, clock(p)...)
}

func clock(p sinks.Probed) []Finding {
	const do = "set this machine's clock, or have it set: by NTP"
	way := "behind"
	if p.Clock < 0 {
		way = "ahead of"
	}
	apart := p.Clock.Abs().Round(time.Second)
	switch {
	case !p.Dated:
		return nil
	case apart > failClock:
		return []Finding{fail("clock", do, "%s %s S3's", apart, way)}
	case apart > warnClock:
		return []Finding{warn("clock", do, "%s %s S3's", apart, way)}
	}
	return []Finding{fine("clock", "agrees with S3's to %s", max(apart, time.Second))}
}

// Unasked is the embedded S3 that cannot be asked now.
func Unasked(held bool, dir string) Finding {
	if held {
		return fine("s3", "the embedded one of the attache that runs; it answers nobody else and was not asked. Its objects are files in %s; attache drop verify reads them", dir)
	}
	return fine("s3", "the embedded one, which the first run makes in %s", dir)
}

// NoBucket is an S3 that could not be prepared for asking.
func NoBucket(err error) Finding {
	return fail("s3", "check s3 in the configuration, and the credentials", "%v", err)
}
