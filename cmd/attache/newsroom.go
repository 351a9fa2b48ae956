package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"attache/config"
	"attache/internal/newsroom"
	"attache/seeds"
)

// newsroomCmd keeps the simulated publishers open for other commands.
type newsroomCmd struct {
	Data       string `type:"path" default:"attache-newsroom" placeholder:"DIR" help:"Folder for the edition's date, the test CA and the configuration to use."`
	Port       int    `default:"0" placeholder:"N" help:"Port of 127.0.0.1 to answer on; a free one unless given."`
	Scenario   string `type:"path" placeholder:"FILE" help:"Trouble to play, in YAML: see --example and --list-faults."`
	Example    bool   `help:"Print an example of a scenario and end."`
	ListFaults bool   `help:"Print what a scenario, or a request, can ask for, and end."`
}

func (c *newsroomCmd) Run(ctx context.Context) error {
	switch {
	case c.Example:
		fmt.Print(newsroom.Example)
		return nil
	case c.ListFaults:
		printFaults()
		return nil
	}
	if c.Port < 0 || c.Port > 65535 {
		return fmt.Errorf("--port %d: a port is a number from 1 to 65535, or 0 for a free one", c.Port)
	}
	o := newsroom.Options{Port: c.Port}
	if c.Scenario != "" {
		text, err := os.ReadFile(c.Scenario)
		if err != nil {
			return missing(err, "a scenario in YAML; attache newsroom --example prints one")
		}
		if o.Scenario, err = newsroom.ReadScenario(c.Scenario, text); err != nil {
			return err
		}
		if err := o.Scenario.NeedsDNS(); err != nil {
			return err
		}
	}
	room, settings, err := openEdition(c.Data, o) //nolint:contextcheck // opening a local port does not wait
	if err != nil {
		return err
	}
	defer room.Close()
	if err := room.Advance(time.Since(room.Now())); err != nil { // since the folder's edition came out
		return err
	}
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
	if o.Scenario != nil {
		fmt.Printf("It plays %s:\n\n", c.Scenario)
		for _, line := range o.Scenario.Describe() {
			fmt.Println("    " + line)
		}
		fmt.Println()
	}
	_, port, _ := net.SplitHostPort(room.Addr()) // is host:port
	fmt.Printf("A request can ask for trouble itself (attache newsroom --list-faults):\n\n    curl --cacert %s --resolve vtcnews.vn:%s:127.0.0.1 \\\n        'https://vtcnews.vn:%s/rss/thoi-su.rss?newsroom=status:503'\n\n",
		settings.Network.CAFile, port, port)
	return follow(ctx, room)
}

// follow lets the edition's time pass with the clock until ctx ends, so that
// embargoed stories come out.
func follow(ctx context.Context, room *newsroom.Room) error {
	const step = 10 * time.Second
	tick := time.NewTicker(step)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := room.Advance(step); err != nil {
				return err
			}
		}
	}
}

func printFaults() {
	fmt.Print("In a scenario each of these is a line of a rule; a request asks by ?newsroom=NAME:VALUE or a header X-Newsroom-Fault: NAME=VALUE.\n\n")
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, f := range newsroom.Faults() {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", f.Name, f.Example, f.About)
	}
	_ = w.Flush() // a closed terminal or pipe: there is nobody to tell
}

// openRoom opens the newsroom's edition of a folder as it first came out: the
// first call fixes its date there, so that a later one finds the same articles.
// It returns the configuration that reaches it.
func openRoom(dir string) (*newsroom.Room, config.Config, error) {
	return openEdition(dir, newsroom.Options{})
}

func openEdition(dir string, o newsroom.Options) (*newsroom.Room, config.Config, error) {
	c := config.Default()
	c.Data = dir
	var err error
	if o.Now, err = edition(filepath.Join(dir, "edition")); err != nil {
		return nil, c, err
	}
	room, err := newsroom.Open(o)
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
