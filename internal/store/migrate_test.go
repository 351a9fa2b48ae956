package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"attache/internal/article"
)

// first is a store as version 1 left it, with an article that landed, one that is
// open, and one that a clock set back has closed before it was opened.
func first(t *testing.T) (path string, db *sql.DB) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "attache.db")
	db, err := sql.Open("sqlite", dsn(path))
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	scripts, err := fs.Sub(migrations, "migrations")
	must(t, err)
	steps, err := goose.NewProvider(goose.DialectSQLite3, db, scripts)
	must(t, err)
	_, err = steps.UpTo(t.Context(), 1)
	must(t, err)
	must(t, fill(db, `INSERT INTO drops (date, opened_at) VALUES ('2026-11-19', 1000)`,
		`INSERT INTO batches (id, key, path, sha256, bytes, rows, frozen_at, landed_at) VALUES (1, 'k', 'p', 's', 1, 1, 1000, 2000)`,
		`INSERT INTO revisions (article_id, revision, source, drop_date, fingerprint, record, batch) VALUES ('qk7:1', 1, 'qk7', '2026-11-19', 'f', CAST('{"article_id":"qk7:1","revision":1}' AS BLOB), 1)`,
		`INSERT INTO items (article_id, source, kind, url, opened_at, closed_at, outcome) VALUES ('qk7:1', 'qk7', 'new', 'https://example.org/1', 1000, 900, 'stored')`,
		`INSERT INTO items (article_id, source, kind, url, opened_at) VALUES ('qk7:1', 'qk7', 'revisit', 'https://example.org/1', 5000)`,
		`INSERT INTO items (article_id, source, kind, url, opened_at) VALUES ('qk7:2', 'qk7', 'new', 'https://example.org/2', 6000)`))
	return path, db
}

func fill(db *sql.DB, queries ...string) error {
	var err error
	for _, q := range queries {
		_, e := db.Exec(q)
		err = errors.Join(err, e)
	}
	return err
}

func TestAnOlderStoreIsCopiedAndBroughtUpToDate(t *testing.T) {
	t.Parallel()
	path, db := first(t)
	must(t, db.Close())
	if _, err := View(path); !errors.Is(err, ErrOlder) {
		t.Errorf("a look at it gives %v", err)
	}
	s, err := Open(t.Context(), path, newClock().now)
	must(t, err)
	defer s.Close()
	m := s.Migrated()
	if m.From != 1 || m.To < 3 || m.Copy != path+".v1-backup" {
		t.Errorf("it says %+v", m)
	}
	if problems, err := s.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("%q, %v", problems, err)
	}
	got := todo(t, s, "qk7")
	if len(got) != 2 || !got[0].FirstSeen.Equal(fromMicros(1000)) || !got[1].FirstSeen.Equal(fromMicros(6000)) {
		t.Errorf("to do: %+v", got)
	}
	if n, err := s.OpenNew(t.Context(), "qk7", []Listed{{ArticleID: "qk7:1"}, {ArticleID: "qk7:3"}}, nil); n.All != 1 || err != nil {
		t.Errorf("opened %+v, %v", n, err)
	}
	if o, err := s.Keep(t.Context(), got[0], page(got[0], "They met."), Telling{}); o != article.Revised || err != nil {
		t.Errorf("its next revision: %s, %v", o, err)
	}
	var vacuum int
	if err := s.w.QueryRowContext(t.Context(), `PRAGMA auto_vacuum`).Scan(&vacuum); vacuum != 2 || err != nil {
		t.Errorf("freed pages stay: auto_vacuum is %d, %v", vacuum, err)
	}

	was, err := sql.Open("sqlite", dsn(m.Copy))
	must(t, err)
	defer was.Close()
	rows, err := column(t.Context(), was, `SELECT article_id || ' ' || coalesce(closed_at, '') FROM items UNION ALL SELECT max(version_id) FROM goose_db_version`)
	if must(t, err); strings.Join(rows, ", ") != "qk7:1 900, qk7:1 , qk7:2 , 1" {
		t.Errorf("the copy holds %q", rows)
	}
}

// TestAMigrationThatFailsLeavesTheStore: also when only its last step fails.
func TestAMigrationThatFailsLeavesTheStore(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"lists", "known"} { // of step 2, of step 3
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			path, db := first(t)
			must(t, fill(db, `CREATE TABLE `+table+` (mine)`))
			reader, err := column(t.Context(), db, `SELECT 1`) // a second connection stays open over it all
			must(t, err)
			for range 2 { // a second try does no harm
				_, err = Open(t.Context(), path, nil)
				if err == nil || !strings.Contains(err.Error(), "from version 1 to") || !strings.Contains(err.Error(), "was left as it was") {
					t.Errorf("it was opened: %v", err)
				}
			}
			rows, err := column(t.Context(), db, `SELECT count(*) FROM items UNION ALL SELECT max(version_id) FROM goose_db_version UNION ALL SELECT count(*) FROM sqlite_schema WHERE name IN ('watches', 'ledger')`)
			if must(t, err); strings.Join(rows, ", ") != "3, 1, 0" {
				t.Errorf("it holds %q (%v)", rows, reader)
			}
			must(t, fill(db, `INSERT INTO items (article_id, source, kind, url, opened_at) VALUES ('qk7:9', 'qk7', 'new', 'u', 1)`, `DROP TABLE `+table))
			must(t, db.Close())
			s, err := Open(t.Context(), path, nil)
			must(t, err)
			defer s.Close()
			if got := todo(t, s, "qk7"); len(got) != 3 {
				t.Errorf("to do: %+v", got)
			}
		})
	}
}

func TestNoMigrationWithoutACopy(t *testing.T) {
	t.Parallel()
	path, db := first(t)
	must(t, os.MkdirAll(filepath.Join(path+".v1-backup.tmp", "in the way"), 0o755))
	if _, err := Open(t.Context(), path, nil); err == nil || !strings.Contains(err.Error(), "no copy could be made") {
		t.Errorf("it was opened: %v", err)
	}
	if v, err := column(t.Context(), db, `SELECT max(version_id) FROM goose_db_version`); v[0] != "1" || err != nil {
		t.Errorf("it is of version %v, %v", v, err)
	}
}

func TestBackupIsOneMomentOfAWorkingStore(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	item(t, s, "qk7", "1")
	to := filepath.Join(t.TempDir(), "copy.db")
	must(t, Backup(t.Context(), s.path, to))
	item(t, s, "qk7", "2")

	if err := Backup(t.Context(), s.path, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the copy was overwritten: %v", err)
	}
	files, err := os.ReadDir(filepath.Dir(to))
	if len(files) != 1 || err != nil {
		t.Errorf("beside the copy lie %v, %v", files, err)
	}
	copied, err := Open(t.Context(), to, c.now)
	must(t, err)
	defer copied.Close()
	if got := todo(t, copied, "qk7"); len(got) != 1 || got[0].ArticleID != "qk7:1" {
		t.Errorf("the copy has to do %+v", got)
	}
	nowhere := filepath.Join(t.TempDir(), "none.db")
	if err := Backup(t.Context(), nowhere, to+"2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy of nothing: %v", err)
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("it made what it was to copy")
	}
}

func TestADamagedStoreIsSeen(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, "2026-11-20")
	for n := range 200 {
		item(t, s, "qk7", strings.Repeat("x", n))
	}
	var root int64
	must(t, s.w.QueryRowContext(t.Context(), `SELECT (rootpage - 1) * 4096 FROM sqlite_schema WHERE name = 'items'`).Scan(&root))
	must(t, s.Close())
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("damage", 600)), root)
	must(t, errors.Join(err, f.Close()))

	v, err := View(s.path)
	must(t, err)
	defer v.Close()
	verdict, err := v.QuickCheck(t.Context())
	if must(t, err); verdict == "ok" {
		t.Error("nobody saw it")
	}
	if problems, err := v.Check(t.Context()); len(problems) == 0 && err == nil {
		t.Error("the check saw nothing")
	}
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := Backup(t.Context(), s.path, to); err == nil {
		t.Error("a damaged store was copied as if it were sound")
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("the bad copy stays")
	}
}

func TestStats(t *testing.T) {
	t.Parallel()
	s, c := opened(t, "2026-11-20")
	item(t, s, "qk7", "1")
	c.step(time.Hour)
	item(t, s, "vtcnews", "2")
	st, err := s.Stats(t.Context())
	must(t, err)
	if st.Version < 3 || st.Bytes+st.WALBytes == 0 || st.Pages == 0 || st.Integrity != "ok" || st.Newest.Sub(st.Oldest) != time.Hour {
		t.Errorf("%+v", st)
	}
	for _, table := range st.Tables {
		if table.Name == "items" && table.Rows == 2 && table.Bytes >= 4096 {
			return
		}
	}
	t.Errorf("tables: %+v", st.Tables)
}
