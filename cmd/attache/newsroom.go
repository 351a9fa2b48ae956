package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"attache/config"
	"attache/internal/newsroom"
	"attache/seeds"
)

// newsroomCmd keeps the simulated publishers open for other commands.
type newsroomCmd struct {
	Data string `type:"path" default:"attache-newsroom" placeholder:"DIR" help:"Folder for the edition's date, the test CA and the configuration to use."`
}

func (c *newsroomCmd) Run(ctx context.Context) error {
	room, settings, err := openRoom(c.Data) //nolint:contextcheck // opening a local port does not wait
	if err != nil {
		return err
	}
	defer room.Close()
	text, err := settings.YAML()
	if err != nil {
		return err
	}
	file := filepath.Join(c.Data, "config.yaml")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	fmt.Printf("%d publishers are open on %s until you press Ctrl-C. In another terminal:\n\n", len(room.Sources()), room.Addr())
	fmt.Printf("    attache crawl --config %s\n", file)
	fmt.Printf("    attache parse --config %s %s\n\n", file, room.Stories("vtcnews")[0].URL)
	<-ctx.Done()
	return nil
}

// openRoom opens the newsroom's edition of a folder: the first call fixes its
// date there, so that a later one finds the same articles. It returns the
// configuration that reaches it.
func openRoom(dir string) (*newsroom.Room, config.Config, error) {
	c := config.Default()
	c.Data = dir
	now, err := edition(filepath.Join(dir, "edition"))
	if err != nil {
		return nil, c, err
	}
	room, err := newsroom.Open(newsroom.Options{Now: now})
	if err != nil {
		return nil, c, err
	}
	c.Network.CAFile = filepath.Join(dir, "newsroom-ca.pem")
	if err := os.WriteFile(c.Network.CAFile, room.CA(), 0o644); err != nil {
		return nil, c, err
	}
	c.Network.Resolve = map[string]string{}
	for _, host := range room.Hosts() {
		c.Network.Resolve[host] = room.Addr()
	}
	c.Crawl.Contact = "demo@attache.invalid"
	c.Crawl.Pace = &seeds.Pace{Delay: seeds.Span(10 * time.Millisecond)}
	return room, c, nil
}

// edition reads the date a folder's newsroom was first opened, or makes it now.
func edition(file string) (time.Time, error) {
	if text, err := os.ReadFile(file); err == nil {
		at, err := time.Parse(time.RFC3339, string(text))
		if err != nil {
			return at, fmt.Errorf("%s should hold the date of the newsroom's edition and does not; remove the file, and the folder if articles are to come again", file)
		}
		return at, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return time.Time{}, err
	}
	now := time.Now().UTC().Truncate(time.Second)
	temp := file + ".tmp" // whole or not at all
	if err := os.WriteFile(temp, []byte(now.Format(time.RFC3339)), 0o644); err != nil {
		return time.Time{}, err
	}
	return now, os.Rename(temp, file)
}
