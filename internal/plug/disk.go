// Package plug is a virtual machine whose plug can be pulled. Its disk, which the
// machine reaches by the protocol of network block devices, lies in this process and
// keeps for good only what it was told to flush: of everything else a power cut
// leaves what chance leaves. For tests alone.
package plug

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
)

// Sector is what a disk writes whole or not at all, bytes. With 512, half a write of 1024 could
// be lost, which is what ext4's superblocks have; twice it could not be mounted then.
const Sector = 4096

// Disk is a disk with a volatile write cache. A write that was answered may be lost
// until a flush was that came after the answer.
type Disk struct {
	Before func(op string) // hears of each "write" and "flush" before it is done; may be nil

	served sync.Mutex // held while a client is there

	mu    sync.Mutex
	off   bool
	seen  []byte  // what reads give
	safe  []byte  // what has outlasted every cut so far
	loose []write // since the last flush, in the order they came
}

type write struct {
	at   int64
	data []byte
}

// NewDisk is a disk that holds content for good.
func NewDisk(content []byte) *Disk {
	return &Disk{seen: append([]byte(nil), content...), safe: content}
}

var errOff = errors.New("the disk has no power")

func (d *Disk) reach(at, n int64) error {
	switch {
	case d.off:
		return errOff
	case at < 0 || n < 0 || at > int64(len(d.seen))-n:
		return fmt.Errorf("%d bytes at %d are not on a disk of %d", n, at, len(d.seen))
	}
	return nil
}

func (d *Disk) hear(op string) {
	if d.Before != nil {
		d.Before(op)
	}
}

func (d *Disk) read(p []byte, at int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.reach(at, int64(len(p))); err != nil {
		return err
	}
	copy(p, d.seen[at:])
	return nil
}

// write keeps p.
func (d *Disk) write(p []byte, at int64) error {
	d.hear("write")
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.reach(at, int64(len(p))); err != nil {
		return err
	}
	copy(d.seen[at:], p)
	d.loose = append(d.loose, write{at, p})
	return nil
}

func (d *Disk) flush() error {
	d.hear("flush")
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return errOff
	}
	for _, w := range d.loose {
		copy(d.safe[w.at:], w.data)
	}
	d.loose = nil
	return nil
}

// Cut takes the power: nothing is done from here on.
func (d *Disk) Cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
}

// Drain waits until all that a client which has ended had sent is answered: what comes late
// must not be done after [Disk.Restore].
func (d *Disk) Drain() {
	d.served.Lock()
	d.served.Unlock() //nolint:staticcheck // all there is to it is having waited
}

// Restore gives power again. Of what was not flushed each piece is there or is not, as
// random says: whole writes or single sectors, all of them, none, or any share, regardless
// of the order they came in. It says how many bytes came in since the last flush and how
// many of them were lost. The machine must have forgotten the disk by then.
func (d *Disk) Restore(random *rand.Rand) (loose, lost int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	piece := []int{Sector, 1 << 30}[random.IntN(2)]
	kept := []float64{0, 1, random.Float64(), random.Float64()}[random.IntN(4)]
	for _, w := range d.loose {
		for from := 0; from < len(w.data); from += piece {
			part := w.data[from:min(from+piece, len(w.data))]
			loose += len(part)
			if random.Float64() < kept {
				copy(d.safe[w.at+int64(from):], part)
			} else {
				lost += len(part)
			}
		}
	}
	copy(d.seen, d.safe)
	d.loose, d.off = nil, false
	return loose, lost
}
