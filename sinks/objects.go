package sinks

import (
	"context"
	"io"
)

// Objects is where sealed drops can be read: a [Bucket], or a [Dir] with a copy of
// one. What is not there is [ErrNotFound].
type Objects interface {
	Get(ctx context.Context, key string) (io.ReadCloser, error)
	List(ctx context.Context, prefix string) ([]ObjectInfo, error) // sorted by key
	String() string                                                // for messages: s3://bucket/prefix, or the folder
}
