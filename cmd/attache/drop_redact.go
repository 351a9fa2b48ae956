package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"attache/internal/store"
)

type dropRedactCmd struct {
	settings
	Article string `arg:"" name:"article_id" help:"The article, as its records name it, such as vtcnews:ar991234."`
	Reason  string `required:"" placeholder:"TEXT" help:"Why; every reader of the tombstone sees it."`
	Yes     bool   `help:"Do it. It cannot be undone; without, only say what would be done."`
	JSON    bool   `name:"json" help:"Print JSON."`
}

func (c *dropRedactCmd) Run(ctx context.Context) (err error) {
	settings, err := c.load()
	if err != nil {
		return err
	}
	if c.Reason = strings.TrimSpace(c.Reason); c.Reason == "" {
		return errors.New("--reason is empty; it is what stays of the article")
	}
	p, err := assembleLanding(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	of, err := p.store.Revisions(ctx, c.Article)
	if err != nil {
		return err
	}
	if len(of) == 0 {
		return fmt.Errorf("no article %q is known here; records name it in article_id", c.Article)
	}
	if !c.Yes {
		return c.plan(of)
	}
	sealed, err := p.pipeline.TakeDown(ctx, store.Takedown{ArticleID: c.Article, Reason: c.Reason})
	if err != nil {
		return fmt.Errorf("%w (what is not done yet, the next attache drop seal does)", err)
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"article_id": c.Article, "reason": c.Reason, "revisions": of, "sealed": sealed})
	}
	fmt.Printf("%s is taken down: its text is gone from the store, %s and the captures.\n", c.Article, counted(len(sealed), "sealed day"))
	for _, m := range sealed {
		fmt.Println("sealed", summary(m))
	}
	fmt.Println("Copies others made, backups of the store and older versions a bucket keeps are not attache's to reach.")
	return nil
}

// plan says what would go.
func (c *dropRedactCmd) plan(of []store.Kept) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"article_id": c.Article, "reason": c.Reason, "revisions": of, "sealed": nil})
	}
	fmt.Printf("%s of %s:\n", counted(len(of), "revision"), c.Article)
	for _, r := range of {
		fmt.Printf("  r%d in the drop of %s  %s\n", r.Revision, r.Drop, isolate(r.Title))
	}
	fmt.Println("Their text would go from the store, from each sealed day (as a further revision of it), from live parts and captures;\na tombstone with the reason would stay. Nothing was done yet; --yes does it, for good.")
	return nil
}
