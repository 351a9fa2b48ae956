package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Stats is what the store's file holds.
type Stats struct {
	Version   int64     `json:"version"` // of the tables
	Bytes     int64     `json:"bytes"`
	WALBytes  int64     `json:"wal_bytes"` // beside it, to be brought in
	Pages     int64     `json:"pages"`
	FreePages int64     `json:"free_pages"`
	Oldest    time.Time `json:"oldest_item"` // zero when there is none
	Newest    time.Time `json:"newest_item"`
	Integrity string    `json:"integrity"` // "ok", or what SQLite's quick check found first
	Tables    []Table   `json:"tables"`
}

// Table is one of the store's tables, its indexes included.
type Table struct {
	Name  string `json:"name"`
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`
}

// Stats reads the whole file, which takes a while when it is large.
func (s *Store) Stats(ctx context.Context) (st Stats, err error) {
	if st, err = s.Size(ctx); err != nil {
		return st, err
	}
	if st.Integrity, err = s.QuickCheck(ctx); err != nil {
		return st, err
	}
	var oldest, newest int64
	if err := s.r.QueryRowContext(ctx, sources+`SELECT coalesce(min((SELECT min(opened_at) FROM items WHERE items.source = sources.source)), 0),
		coalesce(max((SELECT max(opened_at) FROM items WHERE items.source = sources.source)), 0) FROM sources`).Scan(&oldest, &newest); err != nil {
		return st, err
	}
	if newest != 0 {
		st.Oldest, st.Newest = fromMicros(oldest), fromMicros(newest)
	}
	rows, err := s.r.QueryContext(ctx, `SELECT t.name, (SELECT sum(pgsize) FROM sqlite_schema i CROSS JOIN dbstat d ON d.name = i.name WHERE i.tbl_name = t.name AND d.aggregate = 1)
		FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name`)
	if err != nil {
		return st, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Table
		if err := rows.Scan(&t.Name, &t.Bytes); err != nil {
			return st, err
		}
		if err := s.r.QueryRowContext(ctx, `SELECT count(*) FROM "`+t.Name+`"`).Scan(&t.Rows); err != nil { // the file's own names
			return st, err
		}
		st.Tables = append(st.Tables, t)
	}
	return st, rows.Err()
}

// Size is what can be known of the file without reading it.
func (s *Store) Size(ctx context.Context) (st Stats, err error) {
	if err := s.r.QueryRowContext(ctx, version).Scan(&st.Version); err != nil {
		return st, err
	}
	if err := s.r.QueryRowContext(ctx, `SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count`).Scan(&st.Pages, &st.FreePages); err != nil {
		return st, err
	}
	for path, bytes := range map[string]*int64{s.path: &st.Bytes, s.path + "-wal": &st.WALBytes} {
		info, err := os.Stat(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return st, err
		}
		if err == nil {
			*bytes = info.Size()
		}
	}
	return st, nil
}

// QuickCheck is "ok", or the first damage SQLite finds in the file.
func (s *Store) QuickCheck(ctx context.Context) (verdict string, err error) {
	err = s.r.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict)
	return verdict, err
}

// Waiting counts the batches that have not landed, and says since when the oldest
// was frozen; zero when there is none.
func (s *Store) Waiting(ctx context.Context) (batches int, since time.Time, err error) {
	var at int64
	err = s.r.QueryRowContext(ctx, `SELECT count(*), coalesce(min(frozen_at), 0) FROM batches WHERE landed_at IS NULL`).Scan(&batches, &at)
	if at != 0 {
		since = fromMicros(at)
	}
	return batches, since, err
}
