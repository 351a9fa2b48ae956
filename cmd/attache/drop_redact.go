package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"attache/internal/store"
	"attache/sinks"
)

type dropRedactCmd struct {
	settings
	Article string `arg:"" name:"article_id" help:"The article, as its records name it, such as vtcnews:ar991234."`
	Reason  string `required:"" placeholder:"TEXT" help:"Why; every reader of the tombstone sees it."`
	Yes     bool   `help:"Do it. It cannot be undone; without, only say what would be done."`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// redacted is a takedown that was done, or would be.
type redacted struct {
	ArticleID string            `json:"article_id"`
	Reason    string            `json:"reason"`
	Revisions []store.Kept      `json:"revisions"` // that stood in the store
	Linked    []store.Retelling `json:"linked"`    // articles that go on telling it
	Sealed    []sinks.Manifest  `json:"sealed"`    // further revisions of days; null when nothing was done yet
}

func (c *dropRedactCmd) Run(ctx context.Context) (err error) {
	if c.Reason = strings.TrimSpace(c.Reason); c.Reason == "" {
		return errors.New("--reason is empty; it is what stays of the article")
	}
	p, err := c.landing(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close.all()) }()
	of, err := p.store.Revisions(ctx, c.Article)
	if err != nil {
		return err
	}
	known, err := p.store.Known(ctx, c.Article)
	if err != nil {
		return err
	}
	met, err := p.store.Addresses(ctx, c.Article) // what an archive listed and was not kept is captured, too
	if err != nil {
		return err
	}
	if len(of)+len(met) == 0 && !known {
		return fmt.Errorf("no article %q is known here; records name it in article_id", c.Article)
	}
	linked, err := p.store.Retellings(ctx, c.Article) // asked now: the links go with the text
	if err != nil {
		return err
	}
	r := redacted{ArticleID: c.Article, Reason: c.Reason, Revisions: of, Linked: linked}
	if !c.Yes {
		return c.plan(r)
	}
	if had, err := p.store.TakenDown(ctx, c.Article); err != nil {
		return err
	} else if had != "" && had != c.Reason {
		fmt.Fprintf(os.Stderr, "It was taken down before, with the reason %q, which stays.\n", had)
	}
	r.Sealed, err = p.pipeline.TakeDown(ctx, store.Takedown{ArticleID: c.Article, Reason: c.Reason})
	if err != nil {
		return fmt.Errorf("%w (the takedown is remembered; what is not done yet, the next attache drop seal goes on with)", err)
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("%s is taken down: its text is gone from the store, the drops, the live parts and the captures of its page and of lists that name it.\n", c.Article)
	for _, m := range r.Sealed {
		fmt.Println("sealed", summary(m))
	}
	printLinked(r.Linked)
	fmt.Println("Other articles' captured pages may still name its headline. Copies others made, backups of the store and versions a bucket keeps are not attache's to reach.")
	copies, err := filepath.Glob(p.config.StoreFile() + ".v*-backup")
	for _, name := range copies {
		fmt.Println("A copy of the store from before an upgrade may hold the text; remove it when you need it no more:", name)
	}
	return err
}

// plan says what would go.
func (c *dropRedactCmd) plan(r redacted) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("%s of %s:\n", counted(len(r.Revisions), "revision"), c.Article)
	for _, k := range r.Revisions {
		fmt.Printf("  r%d in the drop of %s  %s\n", k.Revision, k.Drop, isolate(k.Title))
	}
	fmt.Println("Their text would go from the store, from each sealed day (as a further revision of it), from live parts, and from the captures of its page and of lists that\nname it; a tombstone with the reason would stay.")
	printLinked(r.Linked)
	fmt.Println("Nothing was done yet; --yes does it, for good.")
	return nil
}

// printLinked names the articles that a takedown leaves.
func printLinked(linked []store.Retelling) {
	if len(linked) == 0 {
		return
	}
	fmt.Println("Linked articles stay, and tell it too; those that must go as well are taken down by their own names:")
	for _, l := range linked {
		how := "tells it in a version of its own"
		if l.Link == "duplicate_of" {
			how = "has the same text"
		}
		fmt.Printf("  %s %s  %s\n", l.ArticleID, how, isolate(l.Title))
	}
}
