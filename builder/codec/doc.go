// Package codec compresses NARs in the formats that a binary cache may have:
// none, zstd (RFC 8878) and xz (https://tukaani.org/xz/xz-file-format.txt).
//
//	c, err := codec.New("zstd", 4)
//	w, err := c.NewWriter(ctx, file, narSize)
//	…
//	err = w.Close()
//
// The bytes depend on the codec and on the NAR alone, never on the number of
// cores: a cache built again is the same cache.
//
// Not here: decompression, and the levels of the formats beyond the defaults
// of the zstd and xz tools, which the caches of nixpkgs have.
package codec

import (
	"context"
	"fmt"
	"io"
)

// A Codec compresses NARs. Its methods may be called by many goroutines at
// once.
type Codec interface {
	// Suffix is what the name of a compressed file ends with, such as ".zst".
	Suffix() string
	// Parallel tells whether the writer for a NAR of size bytes keeps all cores
	// busy by itself.
	Parallel(size int64) bool
	// NewWriter returns a writer that compresses to w a NAR of size bytes. The
	// file is complete when Close has returned nil; Close is always called. An
	// end of ctx makes writing fail.
	NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error)
}

// New returns the codec of that name, made for a machine with that many cores.
func New(name string, cores int) (Codec, error) {
	switch name {
	case "none":
		return none{}, nil
	case "zstd":
		return newZstd(cores), nil
	case "xz":
		return newXZ(cores)
	}
	return nil, fmt.Errorf("unknown compression %q: it must be none, xz or zstd", name)
}
