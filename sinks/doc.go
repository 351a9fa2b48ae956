// Package sinks lands drops in S3 and proves that they are there.
//
// # What a successful call means
//
// [Bucket.Put] and [Bucket.PutBytes] return without error only when the object
// exists under its key and holds exactly the bytes given. The evidence is, in
// this order: the sha256 the server itself reports in its answer, the one it
// reports for a HEAD, or the bytes, read back and hashed here. Metadata
// that attache wrote is never evidence.
//
// A put never overwrites: it is sent with If-None-Match: *. When the key is taken,
// what is there is read: the same bytes are a success, so a put may be repeated
// after a crash or a lost answer as often as one likes; other bytes are
// [ErrConflict], and what is there stays. Two calls overwrite, under If-Match:
// [Bucket.Advance] an older pointer by a newer one, and [Bucket.Replace] the very object
// that was read, for takedowns and repairs. [Bucket.Remove] is for what was superseded.
//
// # What it does not mean
//
// Durability is the service's. What the embedded service has acknowledged survives
// the death of every process, and a loss of power once its file system was synced: who
// counts on it syncs first. The store keeps its rows until the drop that holds them is
// sealed and read back. A service that ignores If-None-Match (some
// look-alikes do) does not stop two writers; the proof then shows whose bytes stayed.
//
// # The life of a drop
//
//	WriteJSONL, WriteParquet   rows → a file on disk, fsynced; the store notes key and sha256
//	Put                        that file → v1/live/…, v1/jsonl/…, v1/parquet/…
//	PutBytes                   Manifest.Marshal → v1/_manifests/…; the drop is sealed by this
//	Advance                    v1/_latest.json, forward only
//	Verify                     every file of the manifest read back, hashed and counted
//	Remove                     what a further revision superseded, and live parts after a time
//
// Errors are one line that says what to do. [ErrNoBucket], [ErrWrongRegion],
// [ErrDenied], [ErrUnreachable], [ErrConflict] and [ErrNotFound] tell the cases
// apart; a cancelled context stays recognisable too. No message holds a secret.
package sinks
