package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"attache/internal/article"
	"attache/sinks"
)

// held gives the revisions of articles that a drop holds.
func (p *Pipeline) held(ctx context.Context, m sinks.Manifest) (map[[16]byte]bool, error) {
	held := make(map[[16]byte]bool, m.Rows)
	err := p.each(ctx, m, func(r rowHead) { held[revisionKey(r.ArticleID, r.Revision)] = true })
	return held, err
}

// names reports whether a drop has the text of an article.
func (p *Pipeline) names(ctx context.Context, m sinks.Manifest, articleID string) (has bool, err error) {
	err = p.each(ctx, m, func(r rowHead) {
		has = has || r.ArticleID == articleID && r.ChangeReason != article.FromTakedown
	})
	return has, err
}

// rowHead is what tells one row from another.
type rowHead struct {
	ArticleID    string               `json:"article_id"`
	Revision     int                  `json:"revision"`
	ChangeReason article.ChangeReason `json:"change_reason"`
}

// each reads the rows of a drop from a file of it that is whole.
func (p *Pipeline) each(ctx context.Context, m sinks.Manifest, row func(rowHead)) error {
	if m.Rows == 0 {
		return nil
	}
	var trouble error
	for _, f := range m.Files {
		file, err := p.fetched(ctx, f)
		if err != nil {
			trouble = errors.Join(trouble, err)
			continue
		}
		err = heads(file, f, row)
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return trouble
}

func heads(file *os.File, f sinks.ManifestFile, row func(rowHead)) error {
	for text, err := range read(file, f) {
		if err != nil {
			return err
		}
		var r rowHead
		if err := json.Unmarshal(text, &r); err != nil {
			return err
		}
		row(r)
	}
	return nil
}

// revisionKey stands for a revision of an article, in little room.
func revisionKey(id string, revision int) [16]byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", id, revision))
	return [16]byte(sum[:16])
}
