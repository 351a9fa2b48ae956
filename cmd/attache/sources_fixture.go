package main

import (
	"os"

	"attache/internal/disguise"
)

// sourcesFixtureCmd makes a saved page fit for a repository.
type sourcesFixtureCmd struct {
	settings
	Page   string `arg:"" type:"existingfile" help:"A saved page."`
	Source string `required:"" placeholder:"ID" help:"Whose page it is; the labels its rules know stay readable."`
}

// Run prints the page with invented words.
func (c *sourcesFixtureCmd) Run() error {
	settings, sources, err := c.loadSources()
	if err != nil {
		return err
	}
	src, err := sourceOf(sources, c.Source, "")
	if err != nil {
		return err
	}
	page, err := readPage(c.Page, int64(settings.Crawl.MaxPage))
	if err != nil {
		return err
	}
	var labels []string
	for _, r := range src.Rules {
		labels = append(append(labels, r.StopAt...), r.Never...)
	}
	out, err := disguise.Page(page, "", labels)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(out)
	return err
}
