// Package codec compresses NARs in the formats that a binary cache may have:
// none, zstd (RFC 8878) and xz (https://tukaani.org/xz/xz-file-format.txt).
//
//	c, err := codec.New("zstd", nil, 4)
//	w, err := c.NewWriter(ctx, file, narSize)
//	…
//	err = w.Close()
//
// The bytes depend on the codec, its level and the NAR alone, never on the
// number of cores: a cache built again is the same cache.
//
// Levels are counted as the tools count them, and default to theirs, which the
// caches of nixpkgs have: zstd 1 to 22, default 3; xz 0 to 9, default 6. The
// encoder of zstd knows four: 1 and 2 are the same, and so are 3 to 5, 6 to 9,
// and 10 to 22, which is about as small as the tool's 11.
//
// Not here: decompression, and settings of the formats beyond the level.
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
	// end of ctx ends the process that a writer may run.
	NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error)
}

// New returns the codec of that name, made for a machine with that many cores.
// It compresses at that level, or at the default of the format's tool where
// level is nil.
func New(name string, level *int, cores int) (Codec, error) {
	switch name {
	case "none":
		return newNone(level)
	case "zstd":
		return newZstd(level, cores)
	case "xz":
		return newXZ(level, cores)
	}
	return nil, fmt.Errorf("unknown compression %q: it must be none, xz or zstd", name)
}
