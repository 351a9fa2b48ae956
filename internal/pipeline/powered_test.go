//go:build power && linux

package pipeline

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the machine has none

	"github.com/aws/aws-sdk-go-v2/credentials"

	"attache/internal/plug"
	"attache/internal/store"
	"attache/internal/warc"
	"attache/sinks"
	"attache/sinks/embedded"
)

// envPower tells the first process of the machine whom to ask what to do.
const envPower = "ATTACHE_TEST_POWER"

// The words that begin its lines besides the worker's.
const (
	failed = "failed"
	shown  = "shown"
	dark   = "dark"
)

const sortieFile = "/tmp/sortie.json"

// sortie is an errand on the machine.
type sortie struct {
	errand
	Told map[string]int // what earlier ones said was done, without did, and how often
	Show bool           // what there is, instead of working
	Busy bool           // another program has the same disk write its journal all the time
}

// On the machine, this program is the first process and, started by it, the work.
func init() {
	host := os.Getenv(envPower)
	switch {
	case host == "" || os.Getenv(envS3) != "":
	case os.Getpid() == 1:
		panic(standBy(host)) // and the machine is off
	default:
		_, _ = fmt.Fprintln(os.Stdout, failed, strings.ReplaceAll(fmt.Sprint(goOut(context.Background())), "\n", "; "))
		os.Exit(1)
	}
}

// standBy starts the work whenever the host sends a sortie, and forgets it and all that
// was on the disk when the host sends the next word: then the disk has lost its power.
func standBy(host string) error {
	if err := plug.Boot(); err != nil {
		return err
	}
	c, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	out, err := c.(*net.TCPConn).File()
	if err != nil {
		return err
	}
	for in := json.NewDecoder(c); ; {
		var text json.RawMessage
		if err := in.Decode(&text); err != nil {
			return err
		}
		if err := start(text, out); err != nil { // the power may have gone already
			_, _ = fmt.Fprintln(out, failed, err)
		}
		if err := in.Decode(&text); err != nil {
			return err
		}
		if err := plug.Forget(); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, dark); err != nil {
			return err
		}
	}
}

// start starts the work, with the disk as it is.
func start(sortie []byte, out *os.File) error {
	if err := errors.Join(plug.Mount(), os.WriteFile(sortieFile, sortie, 0o600)); err != nil {
		return err
	}
	_, err := os.StartProcess(os.Args[0], os.Args[:1], &os.ProcAttr{Env: os.Environ(), Files: []*os.File{nil, out, os.Stderr}})
	return err
}

// goOut does the sortie that lies there, and never returns nil.
func goOut(ctx context.Context) error {
	text, err := os.ReadFile(sortieFile)
	if err != nil {
		return err
	}
	var s sortie
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(s.Data, 0o755), os.MkdirAll(s.S3, 0o755)); err != nil {
		return err
	}
	if s.Busy {
		go busy("/data/busy")
	}
	service, err := embedded.Start(ctx, embedded.StartOptions{Command: []string{os.Args[0]}, Env: []string{envS3 + "=" + s.S3}, Ready: time.Minute})
	if err != nil {
		return err
	}
	s.Endpoint, s.Region, s.Access, s.Private = service.Endpoint, service.Region, service.AccessKey, service.SecretKey
	b, err := sinks.Open(ctx, sinks.Settings{
		Bucket: s.Bucket, Endpoint: s.Endpoint, PathStyle: true, Region: s.Region,
		Credentials: credentials.NewStaticCredentialsProvider(s.Access, s.Private, ""),
	})
	if err != nil {
		return err
	}
	if err := b.EnsureBucket(ctx); err != nil {
		return err
	}
	if err := s.kept(ctx, b); err != nil {
		return fmt.Errorf("after the cut: %w", err)
	}
	if s.Show {
		return s.show(ctx)
	}
	if text, err = json.Marshal(s.errand); err != nil {
		return err
	}
	const file = "/tmp/errand.json"
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	if err := worker(ctx, file); err != nil {
		return err
	}
	select {} // until the power goes
}

// busy writes a file and syncs it, again and again: with it the file system writes the names of
// other files, whose content nobody has asked for.
func busy(path string) {
	for range time.Tick(50 * time.Millisecond) {
		f, err := os.Create(path)
		if err != nil {
			return
		}
		_, _ = fmt.Fprintln(f, "busy")
		_, _ = f.Sync(), f.Close()
	}
}

// kept holds the disk to what was said to be done before the power went: the store is sound
// and knows of it, and S3 and the captures have what the store counts as theirs.
func (s *sortie) kept(ctx context.Context, b *sinks.Bucket) error {
	st, err := store.Open(ctx, filepath.Join(s.Data, "attache.db"), func() time.Time { return s.Now })
	if err != nil {
		return err
	}
	defer st.Close()
	problems, err := st.Check(ctx)
	if len(problems) != 0 || err != nil {
		return fmt.Errorf("the store is not sound: %q, %w", problems, err)
	}
	drops, err := st.Drops(ctx)
	if err != nil {
		return err
	}
	for _, d := range drops {
		if d.Sealed.IsZero() {
			continue
		}
		if report, err := sinks.Verify(ctx, b, d.Date); !report.OK || err != nil {
			return fmt.Errorf("sealed drop %s: %+v, %w", d.Date, report.Findings, err)
		}
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Data, "attache.db")+"?_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer db.Close()
	for told, times := range s.Told {
		op, about, _ := strings.Cut(told, " ")
		query := map[string]string{
			"Keep":   `SELECT count(*) FROM items WHERE article_id = ? AND closed_at IS NOT NULL`,
			"End":    `SELECT count(*) FROM items WHERE article_id = ? AND closed_at IS NOT NULL`,
			"Landed": `SELECT count(*) FROM batches WHERE key = ? AND landed_at IS NOT NULL`,
			"Sealed": `SELECT count(*) FROM seals WHERE date = ? AND sealed_at IS NOT NULL`,
		}[op]
		var n int
		if err := db.QueryRowContext(ctx, query, about).Scan(&n); n < times || err != nil {
			return fmt.Errorf("%s was said %d times, the store has it %d times, %w", told, times, n, err)
		}
	}
	return errors.Join(s.landed(ctx, db, b), s.captured(ctx, db, b))
}

// sweep does what a start does with files that a cut has brought back: nothing may be left.
func (s *sortie) sweep(ctx context.Context) error {
	st, err := store.Open(ctx, filepath.Join(s.Data, "attache.db"), nil)
	if err != nil {
		return err
	}
	defer st.Close()
	spool := filepath.Join(s.Data, "spool")
	if err := (&Pipeline{Store: st, Spool: spool}).Sweep(ctx); err != nil {
		return err
	}
	if left, err := os.ReadDir(spool); len(left) != 0 || err != nil {
		return fmt.Errorf("in the spool are left %v, %w", left, err)
	}
	return nil
}

// landed reads every batch back that the store counts as landed.
func (s *sortie) landed(ctx context.Context, db *sql.DB, b *sinks.Bucket) error {
	return each(ctx, db, `SELECT key, sha256 FROM batches WHERE id > 0 AND landed_at IS NOT NULL`, func(key, sum string) error {
		body, err := b.Get(ctx, key)
		if err != nil {
			return err
		}
		defer body.Close()
		h := sha256.New()
		if _, err := io.Copy(h, body); err != nil || hex.EncodeToString(h.Sum(nil)) != sum {
			return fmt.Errorf("%s has landed, and what is there is not it: %w", key, err)
		}
		return nil
	})
}

// captured reads every page that a row points at, here or in S3.
func (s *sortie) captured(ctx context.Context, db *sql.DB, b *sinks.Bucket) error {
	const refs = `SELECT DISTINCT record ->> '$.raw_ref.segment', record ->> '$.raw_ref.offset' FROM revisions WHERE record ->> '$.raw_ref.segment' <> ''`
	return each(ctx, db, refs, func(segment, offset string) error {
		at, err := strconv.ParseInt(offset, 10, 64)
		if err != nil {
			return err
		}
		path := filepath.Join(s.Data, "raw", strings.TrimPrefix(segment, "v1/raw/"))
		var in io.ReadCloser
		for _, name := range []string{path, path + ".open"} {
			f, err := os.Open(name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return err
			}
			if _, err := f.Seek(at, io.SeekStart); err != nil {
				return err
			}
			in = f
			break
		}
		if in == nil {
			if in, err = b.GetFrom(ctx, segment, at); err != nil {
				return err
			}
		}
		defer in.Close()
		if _, err := warc.NewReader(in, 8<<20).Next(); err != nil {
			return fmt.Errorf("%s at %d: %w", segment, at, err)
		}
		return nil
	})
}

func each(ctx context.Context, db *sql.DB, query string, row func(a, b string) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	var errs []error
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		errs = append(errs, row(a, b))
	}
	return errors.Join(append(errs, rows.Err())...)
}

// show gives the host the store's file, and lets it see S3 until the plug is pulled.
func (s *sortie) show(ctx context.Context) error {
	if err := s.sweep(ctx); err != nil {
		return err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(plug.Guest, strconv.Itoa(plug.Port)))
	if err != nil {
		return err
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", strings.TrimPrefix(s.Endpoint, "http://"))
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
	file, err := os.Open(filepath.Join(s.Data, "attache.db"))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, shown, s.Access, s.Private, info.Size()); err != nil {
		return err
	}
	if _, err := io.Copy(os.Stdout, file); err != nil {
		return err
	}
	select {} // until the power goes
}
