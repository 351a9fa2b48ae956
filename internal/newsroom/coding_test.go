package newsroom

import (
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// unpacked is a's body without its content coding.
func unpacked(t *testing.T, a answer) string {
	t.Helper()
	b, err := io.ReadAll(unpacker(t, a.Header.Get("Content-Encoding"), strings.NewReader(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func unpacker(t *testing.T, coding string, r io.Reader) io.Reader {
	t.Helper()
	switch coding {
	case "":
		return r
	case "br":
		return brotli.NewReader(r)
	case "zstd":
		z, err := zstd.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(z.Close)
		return z
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	t.Fatalf("packed as %q", coding)
	return nil
}
