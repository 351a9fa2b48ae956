package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer is returned by Open when a later attache has written the file; nothing
// in it is touched.
var ErrNewer = errors.New("written by a newer attache, whose tables this one does not know; use that version, or put back the copy it made beside the store")

// ErrOlder is returned by View when an earlier attache has written the file.
var ErrOlder = errors.New("written by an older attache; the next attache run or crawl brings it up to date, and keeps a copy")

// Migration says what Open did to an older store; zero when it was not older.
type Migration struct {
	From, To int64
	Copy     string // of the store as it was
}

// Migrated tells what Open did.
func (s *Store) Migrated() Migration { return s.migrated }

// migrate brings the store up to date. An older one is copied first; should a step
// fail, the file is put back to what the copy holds.
func (s *Store) migrate(ctx context.Context) error {
	scripts, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, s.w, scripts)
	if err != nil {
		return err
	}
	have, known, err := steps.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case have > known:
		return fmt.Errorf("%w (it has version %d, known are %d)", ErrNewer, have, known)
	case have == known:
		return nil
	}
	m := Migration{From: have, To: known}
	if have > 0 {
		m.Copy = fmt.Sprintf("%s.v%d-backup", s.path, have)
		if err := copyTo(ctx, s.path, m.Copy); err != nil {
			return fmt.Errorf("it is of version %d and was left so, because no copy could be made: %w", have, err)
		}
		s.migrated = m
	}
	if _, err = steps.Up(ctx); err == nil {
		// Pages that pruning frees can be given back. In a new file, this costs nothing.
		_, err = s.w.ExecContext(ctx, `PRAGMA auto_vacuum = INCREMENTAL; VACUUM`)
	}
	if err == nil || have == 0 {
		return err
	}
	if undo := s.restore(context.WithoutCancel(ctx), m.Copy); undo != nil {
		return fmt.Errorf("it could not be brought from version %d to %d: %w; nor put back (%w): put %s in its place", have, known, err, undo, m.Copy)
	}
	return fmt.Errorf("it could not be brought from version %d to %d, and was left as it was: %w", have, known, err)
}

// restore puts back what a copy holds, in one transaction.
func (s *Store) restore(ctx context.Context, from string) error {
	db, err := sql.Open("sqlite", dsn(s.path))
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	return conn.Raw(func(c any) error {
		file, ok := c.(interface {
			NewRestore(from string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the driver cannot restore")
		}
		work, err := file.NewRestore(from)
		if err != nil {
			return err
		}
		_, err = work.Step(-1)
		return errors.Join(err, work.Finish())
	})
}

// current fails unless the file is of this version.
func (s *Store) current() error {
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var have int64
	if err := s.r.QueryRow(version).Scan(&have); err != nil { //nolint:noctx // one number
		return err
	}
	known, err := goose.NumericComponent(steps[len(steps)-1]) // they are in order
	if err != nil {
		return err
	}
	switch {
	case have > known:
		return fmt.Errorf("%w (it has version %d, known are %d)", ErrNewer, have, known)
	case have < known:
		return fmt.Errorf("%w (it has version %d of %d)", ErrOlder, have, known)
	}
	return nil
}

// version asks for that of the tables.
const version = `SELECT max(version_id) FROM goose_db_version WHERE is_applied`
