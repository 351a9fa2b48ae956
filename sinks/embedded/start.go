package embedded

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// StartOptions says how the child is started.
type StartOptions struct {
	Command []string      // program and arguments of a command that calls Serve with its standard input and output
	Env     []string      // "NAME=value", added to this process's environment
	Ready   time.Duration // how long the child may take to answer; 15 s when zero
	Grace   time.Duration // how long Close waits before it kills; 5 s when zero
}

// Server is a running child. Its credentials are random and end with it.
type Server struct {
	Endpoint  string // http://127.0.0.1:PORT
	AccessKey string
	SecretKey string
	Region    string

	cmd    *exec.Cmd
	stdin  io.Closer
	grace  time.Duration
	stderr *tail
	done   chan struct{} // closed when the child has ended and exit is set
	exit   error
}

// Start starts the child and returns once it answers. ctx bounds only the
// start: the child lives until Close, or until this process ends, however it ends.
func Start(ctx context.Context, o StartOptions) (*Server, error) {
	if len(o.Command) == 0 {
		return nil, errors.New("embedded S3: no command to start")
	}
	s := &Server{
		AccessKey: rand.Text(), SecretKey: rand.Text(), Region: Region,
		grace: orDefault(o.Grace, 5*time.Second), stderr: &tail{}, done: make(chan struct{}),
	}
	// Not exec.CommandContext: a cancelled run must still land its last rows.
	s.cmd = exec.Command(o.Command[0], o.Command[1:]...) //nolint:noctx // see above
	s.cmd.Env = append(os.Environ(), o.Env...)
	s.cmd.Env = append(s.cmd.Env, EnvAccess+"="+s.AccessKey, EnvSecret+"="+s.SecretKey)
	s.cmd.Stderr = s.stderr
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("embedded S3: %w", err)
	}
	s.stdin = stdin
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("embedded S3: %w", err)
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("embedded S3 did not start: %w", err)
	}

	address := make(chan string, 1)
	go s.watch(stdout, address)
	deadline := time.NewTimer(orDefault(o.Ready, 15*time.Second))
	defer deadline.Stop()
	select {
	case s.Endpoint = <-address:
		return s, nil
	case <-s.done:
		return nil, fmt.Errorf("embedded S3 did not start: %w", s.exit)
	case <-deadline.C:
		err = errors.New("no answer in time")
	case <-ctx.Done():
		err = ctx.Err()
	}
	_ = s.cmd.Process.Kill()
	<-s.done
	return nil, fmt.Errorf("embedded S3 did not start: %w%s", err, s.stderr.said())
}

// watch hands over the address, drains the child's output and waits for its end.
func (s *Server) watch(stdout io.Reader, address chan<- string) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if at, ok := strings.CutPrefix(lines.Text(), readyWord); ok {
			address <- at
			break
		}
	}
	_, _ = io.Copy(io.Discard, stdout)
	err := s.cmd.Wait()
	if err == nil {
		err = errors.New("the child ended")
	}
	s.exit = fmt.Errorf("%w%s", err, s.stderr.said())
	close(s.done)
}

// Done is closed when the child has ended, whether by Close or on its own.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says how the child ended, with the last it wrote to standard error; nil
// while it runs.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return fmt.Errorf("embedded S3 is gone: %w", s.exit)
	default:
		return nil
	}
}

// Close ends the child by closing its standard input and waits for it; after
// the grace it is killed, which is the only error. It may be called twice.
func (s *Server) Close() error {
	_ = s.stdin.Close()
	grace := time.NewTimer(s.grace)
	defer grace.Stop()
	select {
	case <-s.done:
		return nil
	case <-grace.C:
	}
	_ = s.cmd.Process.Kill()
	<-s.done
	return fmt.Errorf("embedded S3 did not end within %s and was killed%s", s.grace, s.stderr.said())
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}
