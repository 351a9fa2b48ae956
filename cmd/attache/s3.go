package main

import (
	"context"
	"os"
	"path/filepath"

	"attache/sinks/embedded"
)

// s3Cmd is the child: a real S3 over a folder, living as long as its standard input.
type s3Cmd struct {
	Dir string `required:"" type:"path" help:"Folder of the objects and accounts."`
}

func (c *s3Cmd) Run() error {
	// Not the signals' context: a terminal's Ctrl-C is for the parent, which ends this child.
	return embedded.Serve(context.Background(), embedded.ServeOptions{
		Root: filepath.Join(c.Dir, "objects"), Control: filepath.Join(c.Dir, "control"),
	}, os.Stdout, os.Stdin)
}
