package article

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// ID is an article's identity: the source and the number the publisher gave
// it. A changed slug, title or host alias is the same article.
func ID(source, native string) string { return source + ":" + native }

// SHA256 is the lower-case hex digest of text.
func SHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Fingerprint is equal for two readings of one article exactly when nothing an
// analyst would call a change happened: title, lede, body and published time.
// Boilerplate, tags and pictures move too often to make a revision.
func (c *Content) Fingerprint() string {
	parts := []any{c.Title, c.Lede, c.BodyText, nil}
	if c.PublishedAt != nil {
		parts[3] = c.PublishedAt.UTC().Format(time.RFC3339Nano)
	}
	b, err := json.Marshal(parts)
	if err != nil {
		panic(err) // strings and nil only: cannot fail
	}
	return SHA256(string(b))
}
