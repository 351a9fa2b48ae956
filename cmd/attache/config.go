package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

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
	JSON bool `name:"json" help:"Print JSON."`
}

// configChecked is what was found.
type configChecked struct {
	Sound    bool     `json:"sound"`
	Sources  int      `json:"sources"`
	Problems []string `json:"problems"` // file, line, column and what to do
	Notes    []string `json:"notes"`
}

// Run prints one line for each mistake: file, line, column and what to do.
func (c *configCheckCmd) Run() error {
	sources, notes, err := c.check()
	if c.JSON {
		found := configChecked{Sound: err == nil, Sources: sources, Problems: []string{}, Notes: append([]string{}, notes...)}
		if err != nil {
			found.Problems, err = strings.Split(err.Error(), "\n"), errReported
		}
		return errors.Join(json.NewEncoder(os.Stdout).Encode(found), err)
	}
	if err != nil {
		return err
	}
	fmt.Printf("the configuration is sound; %d sources\n", sources)
	for _, note := range notes {
		fmt.Println(note)
	}
	return nil
}

func (c *configCheckCmd) check() (count int, notes []string, err error) {
	settings, err := c.load()
	if err != nil {
		return 0, nil, err
	}
	sources, sourcesErr := chosen(settings)
	_, lexiconErr := topic.New(topic.Options{Threshold: settings.Topic.Threshold, Dir: settings.Topic.Lexicons})
	_, rootsErr := roots(settings.Network.CAFile)
	if settings.Crawl.Contact == "" {
		notes = append(notes, "before a live crawl, set crawl.contact: publishers must be able to reach you")
	}
	return len(sources), notes, errors.Join(sourcesErr, lexiconErr, rootsErr, daemon.CheckAccess(settings.HTTP))
}

type configShowCmd struct {
	settings
	JSON bool `name:"json" help:"Print JSON, with the keys of the file."`
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
	if c.JSON {
		if text, err = yaml.YAMLToJSON(text); err != nil {
			return err
		}
		_, err = os.Stdout.Write(text)
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
