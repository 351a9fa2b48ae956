package sinks

import (
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// pagePacker packs pages with one encoder whose window is a page. The library's own
// codec keeps several with windows eight times as large: 60 MB more, to no use.
type pagePacker struct {
	compress.Codec // Zstandard: its name, its code and unpacking
	enc            *zstd.Encoder
}

func newPagePacker() (pagePacker, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(pageBytes), zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false))
	return pagePacker{&parquet.Zstd, enc}, err
}

func (p pagePacker) Encode(dst, src []byte) ([]byte, error) {
	return p.enc.EncodeAll(src, dst[:0]), nil
}
