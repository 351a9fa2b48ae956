// Package embedded is a real S3 service over a local folder: versitygw, run as
// a child of the same binary. The parent calls [Start]; the child, a command of
// that binary, calls [Serve].
//
// Objects are plain files: key k of bucket b is the file Root/b/k. Their ETags
// and checksums are extended attributes of those files, or small files under
// Control where the file system has no extended attributes. Whoever copies Root
// must copy both (rsync -X, cp --preserve=xattr): without its ETag an object
// counts as absent for a conditional put.
//
// Limits. An acknowledged object survives the death of every process, kill -9
// included. A loss of power may take it away until the file system of Root was
// synced, but leaves it whole or not at all; without extended attributes, it may
// leave it without its ETag. The key "a" and the keys "a/…" cannot both exist.
// Server-side encryption headers are ignored.
package embedded

// The environment variables that carry the credentials from parent to child.
const (
	EnvAccess = "ATTACHE_S3_ACCESS"
	EnvSecret = "ATTACHE_S3_SECRET" //nolint:gosec // the name of a variable, not a secret
)

// Region is the one region the service signs for.
const Region = "us-east-1"

// readyWord starts the line that tells the parent the address.
const readyWord = "ready "
