package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"
)

// maxCopy is S3's own limit for one server-side copy, bytes. Unset, versitygw refuses every copy.
const maxCopy = 5 << 30

// backend opens Root. Object metadata goes into extended attributes where the
// file system has them, else into Control/metadata. The choice is made anew
// at each start; it follows the file system Root lies on.
func (o *ServeOptions) backend() (backend.Backend, error) {
	opts := posix.PosixOpts{CopyObjectThreshold: maxCopy}
	var attributes meta.MetadataStorer = meta.XattrMeta{}
	if o.sidecar || (meta.XattrMeta{}).Test(o.Root) != nil {
		opts.SideCarDir = filepath.Join(o.Control, "metadata")
		if err := os.MkdirAll(opts.SideCarDir, 0o700); err != nil {
			return nil, err
		}
		side, err := meta.NewSideCar(opts.SideCarDir)
		if err != nil {
			return nil, err
		}
		attributes = side
	}
	store, err := posix.New(o.Root, attributes, opts)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", o.Root, err)
	}
	return synced{store, o.sync}, nil
}

// synced has the bytes of an object on the disk before it has its name. versitygw leaves
// them to the kernel, and a power cut then leaves a name with nothing under it, which no
// conditional put can ever mend.
type synced struct {
	*posix.Posix
	sync func(*os.File) error // nil for the file's own
}

func (s synced) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	sync := s.sync
	if sync == nil {
		sync = (*os.File).Sync
	}
	return s.PutObjectWithPostFunc(ctx, in, sync)
}
