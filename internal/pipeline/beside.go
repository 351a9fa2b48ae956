package pipeline

import (
	"sync"
	"time"
)

// turns keep apart what runs over one store and one bucket must not do at once.
type turns struct {
	linking  sync.Mutex
	landing  sync.Mutex
	failedAt time.Time // when landing last failed, guarded by landing
	failure  error
}

func (p *Pipeline) turns() *turns {
	if p.elder != nil {
		return &p.elder.own
	}
	return &p.own
}

// Beside gives a pipeline that lands where p does: the store, the bucket, the captures
// and the turns are the same, so that runs of both may go at the same time. Its
// settings, from Transport to KeepLive, are the caller's to set. Runs of one source must
// not overlap, whichever of the two they are of.
func (p *Pipeline) Beside() *Pipeline {
	elder := p
	if p.elder != nil {
		elder = p.elder
	}
	return &Pipeline{
		elder: elder,
		Store: p.Store, Bucket: p.Bucket, Embedded: p.Embedded, Spool: p.Spool, Settle: p.Settle, Ahead: p.Ahead, Captures: p.Captures,
		Traffic: p.Traffic, Zone: p.Zone, Producer: p.Producer, Log: p.Log, Now: p.Now, Watch: p.Watch, WatchSeal: p.WatchSeal,
	}
}
