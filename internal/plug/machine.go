package plug

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
)

// Host is where the machine finds the loopback of the one it runs on, and Guest its
// own address (QEMU's user network).
const (
	Host  = "10.0.2.2"
	Guest = "10.0.2.15"
)

// Port is the one port of the machine that can be reached.
const Port = 9000

// Machine is a machine with one disk. It is off until Start.
type Machine struct {
	Disk *Disk

	args    []string
	cmd     *exec.Cmd
	off     <-chan struct{} // closed when it is
	console console
}

// Plan says what a machine is made of.
type Plan struct {
	Kernel  string // folder that Debian's kernel package was unpacked in
	Program string // static binary, which the machine runs as its /init; see [Boot]
	Dir     string // for its own files; short, since a socket's path is
	Accel   string // QEMU's: kvm, or tcg, which needs nothing of the machine it runs on and is slower
	MiB     int    // size of the disk
	Port    int    // of our loopback, which leads to [Port] of the machine
}

// New makes a machine whose disk holds an empty ext4.
func New(ctx context.Context, p Plan) (*Machine, error) {
	kernels, err := filepath.Glob(filepath.Join(p.Kernel, "boot", "vmlinuz-*"))
	if err != nil || len(kernels) != 1 {
		return nil, fmt.Errorf("%s/boot must hold one kernel, has %d: unpack Debian's linux-image-cloud-amd64 there", p.Kernel, len(kernels))
	}
	image, err := blank(ctx, filepath.Join(p.Dir, "blank"), int64(p.MiB)<<20)
	if err != nil {
		return nil, err
	}
	archive, err := initrd(p.Kernel, p.Program)
	if err != nil {
		return nil, err
	}
	packed, socket := filepath.Join(p.Dir, "initrd"), filepath.Join(p.Dir, "disk.sock")
	if err := os.WriteFile(packed, archive, 0o600); err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	m := &Machine{Disk: NewDisk(image)}
	go func() { _ = m.Disk.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = l.Close() })
	network := fmt.Sprintf("user,id=net,hostfwd=tcp:127.0.0.1:%d-%s:%d", p.Port, Guest, Port)
	m.args = []string{
		"-accel", p.Accel, "-cpu", "max", "-m", "768", "-smp", "2",
		"-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio", "-kernel", kernels[0], "-initrd", packed,
		"-netdev", network, "-device", "virtio-net-pci,netdev=net,romfile=",
		// Not NVMe: on QEMU 7.2's, what was synced got lost, as if writes that are to be forced (FUA)
		// were not. A virtio disk has none, and the kernel sends flushes. QEMU keeps nothing itself.
		"-blockdev", "driver=nbd,node-name=disk,server.type=unix,server.path=" + socket,
		"-device", fmt.Sprintf("virtio-blk-pci,drive=disk,write-cache=on,logical_block_size=%[1]d,physical_block_size=%[1]d", Sector),
	}
	return m, nil
}

// blank is an empty ext4 of so many bytes.
func blank(ctx context.Context, path string, size int64) ([]byte, error) {
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, size)); err != nil {
		return nil, err
	}
	if said, err := exec.CommandContext(ctx, "mke2fs", "-q", "-F", "-t", "ext4", "-b", strconv.Itoa(Sector), "-E", "lazy_itable_init=0,lazy_journal_init=0", path).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mke2fs (Debian: e2fsprogs): %w: %s", err, said)
	}
	content, err := os.ReadFile(path)
	return content, errors.Join(err, os.Remove(path))
}

// Start turns the machine on. Words are for its kernel, which hands "NAME=value" on to the
// program. The channel is closed when the machine is off again, whatever the reason.
func (m *Machine) Start(ctx context.Context, words string) (off <-chan struct{}, _ error) {
	m.console = console{}
	m.cmd = exec.CommandContext(ctx, "qemu-system-x86_64", append(m.args, "-append", "console=ttyS0 loglevel=1 panic=-1 mitigations=off no5lvl nokaslr no_timer_check "+words)...)
	m.cmd.Stdout, m.cmd.Stderr = &m.console, &m.console
	if err := m.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a machine (Debian: qemu-system-x86): %w", err)
	}
	gone := make(chan struct{})
	m.off = gone
	go func() { _ = m.cmd.Wait(); close(gone) }()
	return gone, nil
}

// Kill takes the power of disk and machine, and waits until it is off and nothing it sent is
// left to be done.
func (m *Machine) Kill() error {
	m.Disk.Cut()
	defer func() { <-m.off; m.Disk.Drain() }()
	if err := m.cmd.Process.Kill(); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Console is what the machine has shown since it was started.
func (m *Machine) Console() string { return m.console.String() }

type console struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.Write(p)
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.String()
}
