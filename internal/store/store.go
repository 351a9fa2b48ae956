// Package store keeps what must survive a crash: which addresses were opened and
// how each ended, the revisions of articles, what is frozen for landing, and
// which day is open. It is SQLite in one file, written by one process.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver: SQLite without cgo, so that one static binary is enough
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is safe for concurrent use. Writes go through one connection and take the
// write lock at once (two deferred writers would collide); reads have a pool of
// their own and never wait.
type Store struct {
	w, r *sql.DB
	lock *flock.Flock
	now  func() time.Time
}

// ErrLocked is returned by Open when another attache works on the same file.
var ErrLocked = errors.New("another attache is working on this data folder; stop it first, or name another folder by --data")

// ErrNewer is returned by Open when a later attache has written the file; nothing
// in it is touched.
var ErrNewer = errors.New("written by a newer attache, whose tables this one does not know; use that version, or name another folder by --data")

// Open opens the store, creating the file and its folder, and brings an older
// one up to date. Now is the clock; nil for the real one.
func Open(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	if now == nil {
		now = time.Now
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{lock: flock.New(path + ".lock"), now: now}
	if ok, err := s.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	} else if !ok {
		return nil, ErrLocked
	}
	if err := s.open(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, err), s.Close())
	}
	return s, nil
}

// View opens the store for reading only, also beside the process that works on
// it. It is [fs.ErrNotExist] when there is none yet.
func View(path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("no store is here; name the folder attache works in by --data: %w", err)
	}
	r, err := sql.Open("sqlite", dsn(path, "_pragma", "query_only(1)"))
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	return &Store{r: r, now: time.Now}, nil
}

func (s *Store) open(ctx context.Context, path string) (err error) {
	// synchronous(FULL): a commit that was reported has reached the disk.
	if s.w, err = sql.Open("sqlite", dsn(path, "_txlock", "immediate", "_pragma", "synchronous(FULL)")); err != nil {
		return err
	}
	s.w.SetMaxOpenConns(1)
	scripts, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, s.w, scripts)
	if err != nil {
		return err
	}
	if have, known, err := steps.GetVersions(ctx); err != nil {
		return err
	} else if have > known {
		return fmt.Errorf("%w (it has version %d, known are %d)", ErrNewer, have, known)
	}
	if _, err := steps.Up(ctx); err != nil {
		return err
	}
	s.r, err = sql.Open("sqlite", dsn(path, "_pragma", "query_only(1)"))
	return err
}

func dsn(path string, more ...string) string {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)"}}
	for i := 0; i < len(more); i += 2 {
		q.Add(more[i], more[i+1])
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// Close lets the file go.
func (s *Store) Close() error {
	var err error
	for _, db := range []*sql.DB{s.r, s.w} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Unlock())
	}
	return err
}

// Fork copies the store as it is now to another file, for a trial that must leave
// no trace. The copy is opened by the caller.
func (s *Store) Fork(ctx context.Context, path string) error {
	_, err := s.w.ExecContext(ctx, "VACUUM INTO ?", path)
	return err
}

// write runs f in one transaction: all of it happens, or none.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit; a panic in f must not keep the only connection
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(n int64) time.Time { return time.UnixMicro(n).UTC() }
