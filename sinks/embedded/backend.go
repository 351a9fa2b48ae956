package embedded

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
)

// maxCopy is S3's own limit for one server-side copy, bytes. Unset, versitygw refuses every copy.
const maxCopy = 5 << 30

// backend opens Root. Object metadata goes into extended attributes where the
// file system has them, else into Control/metadata. The choice is made anew
// at each start; it follows the file system Root lies on.
func (o *ServeOptions) backend() (*posix.Posix, error) {
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
	return store, nil
}
