package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/table"

	"attache/internal/store"
)

// storeCmd works on the store. All of it works beside a running daemon.
type storeCmd struct {
	Stats  storeStatsCmd  `cmd:"" help:"Show what the store holds, and how large it is."`
	Backup storeBackupCmd `cmd:"" help:"Copy the store to a file that is not there yet."`
	Check  storeCheckCmd  `cmd:"" help:"Read the whole store, and hold it to what it promises."`
}

type storeStatsCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *storeStatsCmd) Run(ctx context.Context) (err error) {
	s, done, err := c.view()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	st, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(st)
	} else {
		printStats(st)
	}
	if st.Integrity != "ok" {
		err = errors.Join(err, errReported)
	}
	return err
}

func printStats(st store.Stats) {
	size := func(n int64) string { return humanize.IBytes(uint64(max(0, n))) }
	t := newTable(os.Stdout)
	t.AppendHeader(table.Row{"table", "rows", "size"})
	for _, row := range st.Tables {
		t.AppendRow(table.Row{row.Name, row.Rows, size(row.Bytes)})
	}
	t.Render()
	fmt.Printf("file       %s, %d pages, %d of them free\n", size(st.Bytes), st.Pages, st.FreePages)
	fmt.Printf("log        %s beside it\n", size(st.WALBytes))
	fmt.Printf("version    %d\n", st.Version)
	if !st.Newest.IsZero() {
		fmt.Printf("items      opened from %s to %s\n", st.Oldest.Local().Format(time.DateTime), st.Newest.Local().Format(time.DateTime))
	}
	fmt.Printf("integrity  %s\n", st.Integrity)
}

type storeBackupCmd struct {
	settings
	File string `arg:"" type:"path" help:"The copy."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// backedUp is a copy that was made, read through and found sound.
type backedUp struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
}

func (c *storeBackupCmd) Run(ctx context.Context) error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	if err := store.Backup(ctx, settings.StoreFile(), c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(backedUp{c.File, info.Size()})
	}
	fmt.Printf("copied to %s, %s, read through and sound\n", c.File, humanize.IBytes(uint64(max(0, info.Size()))))
	return nil
}

type storeCheckCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON."`
}

// storeChecked is what was found.
type storeChecked struct {
	Sound    bool     `json:"sound"`
	Problems []string `json:"problems"`
}

func (c *storeCheckCmd) Run(ctx context.Context) (err error) {
	s, done, err := c.view()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	problems, err := s.Check(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(storeChecked{len(problems) == 0, append([]string{}, problems...)})
		if len(problems) > 0 {
			err = errors.Join(err, errReported)
		}
		return err
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		return errReported
	}
	fmt.Println("the store is sound, and all it promises holds")
	return nil
}

// view opens the store for reading.
func (s settings) view() (_ *store.Store, done func() error, err error) {
	c, err := s.load()
	if err != nil {
		return nil, nil, err
	}
	v, err := store.View(c.StoreFile())
	if err != nil {
		return nil, nil, err
	}
	return v, v.Close, nil
}
