package main

import (
	"errors"
	"fmt"
	"os"

	"attache/internal/daemon"
	"attache/internal/topic"
)

// configCmd works on the configuration file.
type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Check the configuration file, the sources and the lexicons it names."`
	Show  configShowCmd  `cmd:"" help:"Print what is in force: the defaults and what the file changes."`
}

type configCheckCmd struct {
	settings
}

// Run prints one line for each mistake: file, line, column and what to do.
func (c *configCheckCmd) Run() error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	sources, sourcesErr := chosen(settings)
	_, lexiconErr := topic.New(topic.Options{Threshold: settings.Topic.Threshold, Dir: settings.Topic.Lexicons})
	_, rootsErr := roots(settings.Network.CAFile)
	if err := errors.Join(sourcesErr, lexiconErr, rootsErr, daemon.CheckAccess(settings.HTTP)); err != nil {
		return err
	}
	fmt.Printf("the configuration is sound; %d sources\n", len(sources))
	if settings.Crawl.Contact == "" {
		fmt.Println("before a live crawl, set crawl.contact: publishers must be able to reach you")
	}
	return nil
}

type configShowCmd struct {
	settings
}

func (c *configShowCmd) Run() error {
	settings, err := c.load()
	if err != nil {
		return err
	}
	text, err := settings.YAML()
	if err != nil {
		return err
	}
	fmt.Print(string(text))
	switch {
	case settings.S3.Embedded():
		fmt.Println("# credentials: made anew for the embedded S3 at each start")
	case os.Getenv("AWS_ACCESS_KEY_ID") != "":
		fmt.Println("# credentials: AWS_ACCESS_KEY_ID is set in the environment (hidden)")
	default:
		fmt.Println("# credentials: the AWS SDK's own chain (profile, role, …)")
	}
	return nil
}
