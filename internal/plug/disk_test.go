package plug

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"testing"
)

// TestACutLeavesWhatWasFlushed: every sector holds, after a cut, what it held at the last
// flush or one of the things written to it since.
func TestACutLeavesWhatWasFlushed(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	const sectors = 16
	d := NewDisk(make([]byte, sectors*Sector))
	may := make([][]byte, sectors) // what each sector may hold after a cut
	for n := range may {
		may[n] = []byte{0}
	}
	lost, torn := 0, 0
	for step := byte(1); step < 250; step++ {
		switch random.IntN(6) {
		default:
			from := random.IntN(sectors)
			to := from + 1 + random.IntN(sectors-from)
			if err := d.write(bytes.Repeat([]byte{step}, (to-from)*Sector), int64(from)*Sector); err != nil {
				t.Fatal(err)
			}
			for n := from; n < to; n++ {
				may[n] = append(may[n], step)
			}
		case 0:
			if err := d.flush(); err != nil {
				t.Fatal(err)
			}
			for n, all := range may {
				may[n] = all[len(all)-1:]
			}
		case 1:
			d.Cut()
			if err := d.write(make([]byte, Sector), 0); err == nil {
				t.Fatal("a disk without power was written to")
			}
			_, gone := d.Restore(random)
			lost += gone
			for n := range may {
				got := make([]byte, Sector)
				if err := d.read(got, int64(n)*Sector); err != nil {
					t.Fatal(err)
				}
				if !bytes.Contains(may[n], got[:1]) || !bytes.Equal(got, bytes.Repeat(got[:1], Sector)) {
					t.Fatalf("step %d: sector %d holds %d, want one of %d", step, n, got[0], may[n])
				}
				if len(may[n]) > 2 && got[0] != may[n][0] && got[0] != may[n][len(may[n])-1] {
					torn++ // something that is neither the first nor the last
				}
				may[n] = got[:1]
			}
		}
	}
	if lost == 0 || torn == 0 {
		t.Errorf("%d bytes lost, %d sectors stood in between: the cuts were too kind", lost, torn)
	}
	for _, at := range []int64{-1, (sectors-1)*Sector + 1, 1 << 62} {
		if d.read(make([]byte, Sector), at) == nil {
			t.Errorf("there is something at %d", at)
		}
	}
}

// TestWhatComesLateIsNotDone: a client has ended, the power is off, and what the client had
// sent is not all read yet.
func TestWhatComesLateIsNotDone(t *testing.T) {
	t.Parallel()
	d := NewDisk(make([]byte, 2*Sector))
	reached, release := make(chan struct{}), make(chan struct{})
	d.Before = func(string) {
		reached <- struct{}{}
		<-release
	}
	served, client := net.Pipe()
	l := &once{c: served, closed: make(chan struct{})}
	t.Cleanup(func() { _ = l.Close() })
	go func() { _ = d.Serve(l) }()
	go func() { _, _ = io.Copy(io.Discard, client) }() // answers, and what the disk says of itself
	go func() {
		defer client.Close()
		hello := binary.BigEndian.AppendUint32(nil, nbdNoZeroes)
		hello = binary.BigEndian.AppendUint64(hello, nbdOption)
		hello = binary.BigEndian.AppendUint64(hello, optGo<<32)
		_, _ = client.Write(hello)
		for at := range uint64(2) {
			write := binary.BigEndian.AppendUint32(nil, nbdRequest)
			write = binary.BigEndian.AppendUint32(write, cmdWrite)
			write = binary.BigEndian.AppendUint64(write, at)
			write = binary.BigEndian.AppendUint64(write, at*Sector)
			write = binary.BigEndian.AppendUint32(write, Sector)
			_, _ = client.Write(append(write, bytes.Repeat([]byte{1}, Sector)...))
		}
	}()
	<-reached
	d.Cut()
	if d.served.TryLock() {
		t.Fatal("nothing keeps the disk from having power while a write is on its way")
	}
	drained := make(chan struct{})
	go func() { d.Drain(); d.Restore(rand.New(rand.NewPCG(1, 2))); close(drained) }()
	release <- struct{}{}
	<-reached
	release <- struct{}{}
	<-drained
	got := make([]byte, 2*Sector)
	if err := d.read(got, 0); err != nil || bytes.Contains(got, []byte{1}) {
		t.Errorf("what came after the cut is on the disk, %v", err)
	}
}

// once is a listener to which one client comes.
type once struct {
	c      net.Conn
	closed chan struct{}
}

func (l *once) Accept() (net.Conn, error) {
	if c := l.c; c != nil {
		l.c = nil
		return c, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *once) Close() error   { close(l.closed); return nil }
func (l *once) Addr() net.Addr { return l.c.LocalAddr() }
