//go:build power && linux

package pipeline

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/internal/newsroom"
	"attache/internal/plug"
	"attache/sinks"
)

var (
	kernel = flag.String("kernel", "", "folder that Debian's linux-image-cloud-amd64 was unpacked in")
	accel  = flag.String("accel", "kvm", "what QEMU runs the machine by: kvm or tcg")
	cuts   = flag.Int("cuts", 24, "how often the power is cut")
)

// TestAPowerCut is TestADayOfKills on a machine whose plug is pulled; scripts/power-cut
// runs it. The work and the embedded S3 are on a disk that loses, at each cut, any part
// of what was not flushed; the publishers, what they published, and what the work has said
// it had done, are here. The power is cut at a line of the work or at a write or flush of the
// disk. What was said to be done must be so when the machine has started again.
func TestAPowerCut(t *testing.T) {
	seed := number(t, "ATTACHE_SEED", int(time.Now().UnixNano()))
	t.Logf("seed %d, %d cuts", seed, *cuts)
	own, err := newsroom.Open(newsroom.Options{Now: edition})
	must(t, err)
	defer func() { must(t, own.Close()) }()
	program, err := os.Executable()
	must(t, err)
	const steps, pass = 24, 4 * time.Hour // in all less than live parts are kept
	s3 := freePort(t)
	d := newDay(t, own, seed)
	p := powered{t: t, day: d, said: new(moments), disk: new(moments), cut: map[string]int{}}
	p.machine, err = plug.New(t.Context(), plug.Plan{Kernel: *kernel, Program: program, Dir: t.TempDir(), Accel: *accel, MiB: 128, Port: s3})
	must(t, err)
	p.machine.Disk.Before = p.disk.pass
	p.sortie = sortie{Told: map[string]int{}, errand: errand{
		Data: "/data/attache", S3: "/data/s3", Room: strings.Replace(own.Addr(), "127.0.0.1", plug.Host, 1),
		CA: own.CA(), Hosts: own.Hosts(), Sources: daySources, Bucket: "drops", Again: ages(steps * pass),
	}}
	began := time.Now()
	d.passes(steps, pass, *cuts, p.work)
	t.Logf("cut at %v in %v; of %d KiB that had not been flushed %d KiB were lost; %d times the work was quicker, %d times the machine was killed too",
		p.cut, time.Since(began).Round(time.Second), p.loose>>10, p.lost>>10, p.ended, p.killed)

	p.Show = true
	p.off.Store(false)
	p.disarm()
	p.run()
	size, err := strconv.ParseInt(p.shown[2], 10, 64)
	must(t, err)
	e := errand{Data: t.TempDir()}
	must(t, os.Mkdir(filepath.Join(e.Data, "spool"), 0o755)) // the machine has looked that its own is empty
	file, err := os.Create(filepath.Join(e.Data, "attache.db"))
	must(t, err)
	_, err = io.CopyN(file, p.lines, size)
	must(t, errors.Join(err, file.Close()))
	d.compare(bucket(t, sinks.Settings{
		Bucket: p.Bucket, Endpoint: "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(s3)), PathStyle: true, Region: service.Region,
		Credentials: credentials.NewStaticCredentialsProvider(p.shown[0], p.shown[1], ""),
	}), e)
	must(t, p.machine.Kill())
}

// powered is the work on the machine.
type powered struct {
	t       *testing.T
	day     *day
	machine *plug.Machine
	sortie
	said, disk *moments // at lines of the work, and at what is done to the disk

	off   atomic.Bool // the disk, of which the work has not heard yet
	calls net.Conn    // of the machine that is on; nil for none
	lines *bufio.Reader
	shown []string // the key to the S3 that the machine shows, and the size of the store's file

	saidLong, diskLong            int // of the last works that came to their end, in moments
	cut                           map[string]int
	loose, lost, ended, n, killed int
}

// work is one start of the work, and the power is gone after it in any case: for the disk,
// whose machine then forgets all that it held of it, and at times for the machine too.
func (p *powered) work(now time.Time, cut bool) bool {
	if p.Now != now {
		p.Now, p.saidLong, p.diskLong = now, 120, 1200
	}
	p.off.Store(false)
	p.disarm()
	which, long := p.said, &p.saidLong
	if p.day.random.IntN(3) > 0 {
		which, long = p.disk, &p.diskLong
	}
	if cut {
		which.arm(1+p.day.random.IntN(*long), func() error {
			p.machine.Disk.Cut()
			p.off.Store(true)
			return p.calls.SetReadDeadline(time.Now())
		})
	}
	began := time.Now()
	p.Busy = p.day.random.IntN(2) == 0
	ended := p.run()
	p.machine.Disk.Cut()
	said, done := p.disarm()
	if ended {
		p.saidLong, p.diskLong = max(said.n, 8), max(done.n, 8)
		p.ended++
	} else {
		p.cut[kindOf(said.last+done.last)]++
	}
	kill := p.day.random.IntN(8) == 0
	if kill {
		must(p.t, p.machine.Kill())
		p.calls, p.killed = nil, p.killed+1
	} else {
		p.off.Store(false)
		p.send(dark)
		p.hear(dark)
	}
	loose, lost := p.machine.Disk.Restore(p.day.random)
	p.loose, p.lost = p.loose+loose, p.lost+lost
	p.n++
	p.t.Logf("%d: %v, ended %t, cut at %q, %d lines, %d on the disk, %d of %d bytes lost, machine killed %t",
		p.n, time.Since(began).Round(time.Second/10), ended, said.last+done.last, said.n, done.n, lost, loose, kill)
	return ended
}

// passed is what moments have counted.
type passed struct {
	n    int
	last string
}

func (p *powered) disarm() (said, disk passed) {
	for m, was := range map[*moments]*passed{p.said: &said, p.disk: &disk} {
		m.mu.Lock()
		*was = passed{m.n, m.last}
		m.mu.Unlock()
		m.arm(0, nil)
	}
	return said, disk
}

// run has the machine work, and says whether it came to an end.
func (p *powered) run() (ended bool) {
	if p.calls == nil {
		p.start()
	}
	p.send(p.sortie)
	return p.hear(done, shown)
}

// start turns the machine on, which calls when it is ready, before it touches the disk. One
// that does not, as was seen once without KVM, is turned on again.
func (p *powered) start() {
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(p.t, err)
		off, err := p.machine.Start(p.t.Context(), envPower+"="+strings.Replace(l.Addr().String(), "127.0.0.1", plug.Host, 1))
		must(p.t, err)
		late := time.AfterFunc(2*time.Minute, func() { _ = l.Close() })
		go func() { <-off; _ = l.Close() }()
		c, err := l.Accept()
		if late.Stop(); err == nil {
			p.calls, p.lines = c, bufio.NewReader(c)
			return
		}
		p.t.Logf("the machine does not call: %s", p.machine.Console())
		must(p.t, p.machine.Kill())
		p.machine.Disk.Restore(p.day.random)
	}
	p.t.Fatal("the machine does not call; where KVM is to be had and cannot run it, ATTACHE_ACCEL=tcg does")
}

func (p *powered) send(v any) { must(p.t, json.NewEncoder(p.calls).Encode(v)) }

// hear reads what the machine says up to one of the words, or until the power is cut, and
// keeps what it promises.
func (p *powered) hear(words ...string) bool {
	for {
		must(p.t, p.calls.SetReadDeadline(time.Now().Add(5*time.Minute)))
		if p.off.Load() { // asked after that, it cannot be missed
			return false
		}
		line, err := p.lines.ReadString('\n')
		op, about, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case err != nil && p.off.Load():
			return false
		case err != nil:
			p.t.Fatalf("the machine says no more: %v, %s", err, p.machine.Console())
		case op == failed && words[0] != dark && !p.off.Load():
			p.t.Fatalf("after %d starts: %s", p.n, about)
		case slices.Contains([]string{did + "Keep", did + "End", did + "Landed", did + "Sealed"}, op):
			p.Told[strings.TrimPrefix(op, did)+" "+about]++
		case op == shown:
			p.shown = strings.Fields(about)
		}
		p.said.pass(strings.TrimSpace(line))
		if slices.Contains(words, op) {
			return true
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
