package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

// ServeOptions says where the service keeps its things. Both folders are made
// when missing.
type ServeOptions struct {
	Root    string // buckets and objects; absolute
	Control string // accounts and, without extended attributes, object metadata; absolute, not beside Root under a name that begins with Root's

	sidecar bool                 // metadata in Control even where extended attributes work
	sync    func(*os.File) error // instead of the file's own
}

// Serve is the child's side: it serves Root on a free port of 127.0.0.1 until
// alive reaches its end or ctx does. Once the service answers, it writes one
// line "ready http://127.0.0.1:PORT" to ready. The root credentials come from
// the environment, [EnvAccess] and [EnvSecret].
//
// The end of alive is how the parent, living or killed, ends its child. SIGINT,
// SIGTERM and SIGHUP are ignored, because a terminal or a service manager sends
// them to the whole group while the parent still has rows to land.
//
// Requests in flight at the end have a second to finish. Serve changes the working
// directory to Root and is for a process that does nothing else and ends after it.
func Serve(ctx context.Context, o ServeOptions, ready io.Writer, alive io.Reader) error {
	root := auth.Account{Access: os.Getenv(EnvAccess), Secret: os.Getenv(EnvSecret), Role: auth.RoleAdmin}
	if root.Access == "" || root.Secret == "" {
		return fmt.Errorf("embedded S3: %s and %s must be set; this command is meant to be started by attache itself", EnvAccess, EnvSecret)
	}
	if err := o.prepare(); err != nil {
		return err
	}
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, alive) // its end is the message, whatever the reason
	}()

	ended := make(chan error, 1)
	go func() { ended <- o.serveSomewhere(ctx, root, ready) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// The gateway waits ten seconds for connections that were opened and never
	// used, as clients do; nothing is lost by not waiting with it.
	select {
	case err := <-ended:
		return err
	case <-time.After(time.Second):
		return nil
	}
}

// serveSomewhere serves on one free port. A port found free may be taken before it
// is bound again: then it looks for another.
func (o *ServeOptions) serveSomewhere(ctx context.Context, root auth.Account, ready io.Writer) error {
	for attempt := 1; ; attempt++ {
		err := o.serve(ctx, root, ready)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // what fails after the end was asked for does not matter
		case attempt == 5 || !errors.Is(err, syscall.EADDRINUSE):
			return fmt.Errorf("embedded S3: %w", err)
		}
	}
}

// prepare checks the two folders and makes them.
func (o *ServeOptions) prepare() error {
	for _, dir := range []*string{&o.Root, &o.Control} {
		if !filepath.IsAbs(*dir) {
			return fmt.Errorf("embedded S3: folder %q must be absolute", *dir)
		}
		*dir = filepath.Clean(*dir)
	}
	if strings.HasPrefix(o.Control, o.Root) {
		return fmt.Errorf("embedded S3: control folder %s begins with the path of the objects folder %s; choose another", o.Control, o.Root)
	}
	if err := os.MkdirAll(o.Control, 0o700); err != nil {
		return fmt.Errorf("embedded S3: %w", err)
	}
	if err := os.MkdirAll(o.Root, 0o755); err != nil {
		return fmt.Errorf("embedded S3: %w", err)
	}
	return nil
}

// serve runs one gateway on one port. It returns when ctx ends or the gateway fails.
func (o *ServeOptions) serve(ctx context.Context, root auth.Account, ready io.Writer) error {
	// Without an account service an unknown key would be answered 404, not 403.
	accounts, err := auth.NewInternal(root, o.Control)
	if err != nil {
		return err
	}
	store, err := o.backend()
	if err != nil {
		return err
	}
	addr, err := freePort(ctx)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	announced := make(chan error, 1)
	announce := func() {
		err := answers(ctx, "http://"+addr+healthPath)
		if err == nil {
			_, err = fmt.Fprintf(ready, "%shttp://%s\n", readyWord, addr)
		}
		announced <- err
		if err != nil {
			cancel()
		}
	}
	err = embedgw.RunVersityGW(ctx, store, &embedgw.Config{
		RootUserAccess:    root.Access,
		RootUserSecret:    root.Secret,
		Region:            Region,
		Ports:             []string{addr},
		MaxConnections:    1024,
		MaxRequests:       512,
		MultipartMaxParts: 10_000,
		IAMService:        accounts,
		HealthPath:        healthPath,
		KeepAlive:         true,
		Quiet:             true,
		S3Options:         []s3api.Option{s3api.WithOnListen(func() { go announce() })},
	})
	select {
	case failed := <-announced:
		return errors.Join(failed, err)
	default:
		return err
	}
}

// healthPath answers without credentials. No bucket name can begin with "_".
const healthPath = "/_ready"

// answers waits until address answers 200, for ten seconds at most.
func answers(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the service does not answer at %s: %w", address, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// freePort names a port of 127.0.0.1 that was free a moment ago.
func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
