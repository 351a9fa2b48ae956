package plug

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Boot makes the machine fit for work, for the program that is its first process: the host
// is at [Host]. There is no time zone's data and no name service.
func Boot() error {
	if err := unix.Mount("dev", "/dev", "devtmpfs", 0, ""); err != nil {
		return fmt.Errorf("/dev: %w", err)
	}
	if tty, err := os.OpenFile("/dev/console", os.O_RDWR, 0); err == nil {
		os.Stdout, os.Stderr = tty, tty
		for fd := range 3 {
			_ = unix.Dup2(int(tty.Fd()), fd) // a panic is shown too
		}
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	modules, err := filepath.Glob("/drivers/*")
	if err != nil {
		return err
	}
	for _, path := range modules { // sorted
		if err := load(path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := link("lo", net.IPv4(127, 0, 0, 1), net.IPv4(255, 0, 0, 0)); err != nil {
		return err
	}
	return link("eth0", net.ParseIP(Guest), net.IPv4(255, 255, 255, 0))
}

// Mount makes the disk appear at /data.
func Mount() error {
	if err := unix.Mount("/dev/vda", "/data", "ext4", 0, ""); err != nil {
		return fmt.Errorf("/data: %w", err)
	}
	return nil
}

// Forget ends all processes but the first, which calls it, and unmounts the disk: nothing of
// it is left in memory.
func Forget() error {
	if err := unix.Kill(-1, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	for {
		if _, err := unix.Wait4(-1, nil, 0, nil); errors.Is(err, unix.ECHILD) {
			break
		} else if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
	}
	for range 100 { // what a process held is let go a moment after its end
		err := unix.Unmount("/data", 0)
		switch {
		case err == nil, errors.Is(err, unix.EINVAL): // it could not even be mounted
			return nil
		case !errors.Is(err, unix.EBUSY):
			return fmt.Errorf("/data: %w", err)
		}
		<-time.After(50 * time.Millisecond)
	}
	return errors.New("/data is in use for ever")
}

func load(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	flags := 0
	if !strings.HasSuffix(path, ".ko") {
		flags = unix.MODULE_INIT_COMPRESSED_FILE
	}
	return unix.FinitModule(int(f.Fd()), "", flags)
}

// link gives a network interface its address and turns it on.
func link(name string, address, mask net.IP) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	r, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	set := func(request uint, ip net.IP) error {
		return errors.Join(r.SetInet4Addr(ip.To4()), unix.IoctlIfreq(fd, request, r))
	}
	if err := errors.Join(set(unix.SIOCSIFADDR, address), set(unix.SIOCSIFNETMASK, mask)); err != nil {
		return fmt.Errorf("address of %s: %w", name, err)
	}
	r.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, r)
}
