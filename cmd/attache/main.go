// Command attache watches news publishers and lands what they write about
// defence diplomacy in S3, as daily drops.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // sources declare IANA zones; the machine may have none

	"github.com/alecthomas/kong"
)

type cli struct {
	Demo       demoCmd       `cmd:"" help:"Run everything once against simulated publishers on this machine."`
	Crawl      crawlCmd      `cmd:"" help:"Look at the sources once and land what is new."`
	Run        runCmd        `cmd:"" help:"Run as a daemon: each source on its schedule, each day sealed."`
	Reload     reloadCmd     `cmd:"" help:"Have the running daemon read its configuration anew."`
	Schedule   scheduleCmd   `cmd:"" help:"Show when each source runs next."`
	Backfill   backfillCmd   `cmd:"" help:"Read what a source's archives hold of some days."`
	Replay     replayCmd     `cmd:"" help:"Read captured pages through today's rules, and show what would differ."`
	Raw        rawCmd        `cmd:"" help:"Print the page behind a record, as the publisher sent it."`
	Parse      parseCmd      `cmd:"" help:"Show the record one page gives, and which rule answered each field."`
	Topic      topicCmd      `cmd:"" help:"Decide what is defence diplomacy, and say why."`
	Sources    sourcesCmd    `cmd:"" help:"List and check the sources."`
	Drop       dropCmd       `cmd:"" help:"Seal, list and verify daily drops."`
	Ledger     ledgerCmd     `cmd:"" help:"Show what became of every address that was opened, and what is missing."`
	Runs       runsCmd       `cmd:"" help:"List the last runs, and how they went."`
	Logs       logsCmd       `cmd:"" help:"Show what a run said."`
	Quarantine quarantineCmd `cmd:"" help:"List pages that broke a contract, and have them read again."`
	Alarms     alarmsCmd     `cmd:"" help:"List what is wrong now, and what to do about it."`
	Config     configCmd     `cmd:"" help:"Check and show the configuration."`
	Doctor     doctorCmd     `cmd:"" help:"Look at everything attache needs, and say what to do about what is wrong."`
	Store      storeCmd      `cmd:"" help:"Show, copy and check the store."`
	Health     healthCmd     `cmd:"" help:"Say whether an attache works in the data folder, by the exit status too."`
	Newsroom   newsroomCmd   `cmd:"" help:"Serve the simulated publishers, to try other commands on."`
	S3         s3Cmd         `cmd:"" name:"s3" hidden:"" help:"The embedded S3; started by attache itself."`
	Completion completionCmd `cmd:"" help:"Print what makes a shell complete attache's words."`
	Version    versionCmd    `cmd:"" help:"Print the version, and what it was built of."`

	Color string `enum:"auto,always,never" default:"auto" placeholder:"WHEN" help:"Colours: auto, always or never (${default}: on a terminal, unless NO_COLOR is set)."`
}

// AfterApply is kong's hook before a command runs: what is said of colours stands
// where every part of the program, and its children, look for it.
func (c *cli) AfterApply() error {
	switch c.Color {
	case "never":
		return os.Setenv("NO_COLOR", "1")
	case "always":
		return errors.Join(os.Unsetenv("NO_COLOR"), os.Setenv("CLICOLOR_FORCE", "1"))
	}
	return nil
}

func main() { os.Exit(run()) }

func run() int {
	// One signal ends the work in good order; a second one ends it at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	defer stop()

	parser, err := commandLine(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "attache:", err)
		return 2
	}
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if args[0] == completeWord {
		complete(os.Stdout, parser.Model.Node, args[1:])
		return 0
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "attache: %s; see %s\n", mistyped.Replace(err.Error()), helpFor(err))
		return 2
	}
	if err := command.Run(); err != nil {
		switch {
		case errors.Is(err, errReported):
		case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
			fmt.Fprintln(os.Stderr, "attache: interrupted; what was read is kept, and the next run goes on from there")
		default:
			fmt.Fprintln(os.Stderr, "attache:", err)
		}
		return 1
	}
	return 0
}

// commandLine reads what was typed.
func commandLine(ctx context.Context) (*kong.Kong, error) {
	return kong.New(&cli{},
		kong.Name("attache"),
		kong.Description("Watches news publishers and lands what they write about defence diplomacy in S3, as daily drops."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
}

// mistyped puts what kong says of the end of a line in the words of who typed it.
var mistyped = strings.NewReplacer(`got "EOL" (<EOL>)`, "there is none", `got "EOL"`, "there is none")

// helpFor is the command that explains what was typed wrong.
func helpFor(err error) string {
	path := "attache"
	if e, ok := errors.AsType[*kong.ParseError](err); ok && e.Context != nil {
		if node := e.Context.Selected(); node != nil {
			path = node.FullPath()
		}
	}
	return path + " --help"
}

// errReported ends a command whose output has said already what is wrong.
var errReported = errors.New("reported")
