// Package codec compresses blocks of NARs in the formats of a binary cache: zstd
// (RFC 8878) and xz (https://tukaani.org/xz/xz-file-format.txt).
//
//	c, err := codec.New("zstd", nil)
//	w, err := c.NewWriter(ctx, file, size) // size is at most c.BlockSize()
//	… // write the block
//	err = w.Close()
//
// Each block becomes a frame of zstd or a stream of xz. One after another, in
// the order of the blocks, they are the compressed NAR: both formats allow it.
// Nix 2.35 and newer write zstd in this way, too, in frames of 16 MiB.
//
// The bytes depend on the codec, its level and the NAR alone, never on the
// number of cores: a cache built again is the same cache.
//
// Levels are counted as the tools count them, and default to theirs, which the
// caches of nixpkgs have: zstd 1 to 22, default 3; xz 0 to 9, default 6. The tools
// themselves do the work of xz and of zstd from level 11 on. Below that, zstd is an
// encoder in Go that knows four levels: 1 and 2 are the same, and so are 3 to 5,
// and 6 to 9.
//
// Not here: decompression, cutting NARs into blocks, and settings of the formats
// beyond the level.
package codec

import (
	"context"
	"fmt"
	"io"
)

// A Codec compresses blocks. Its methods may be called by many goroutines at
// once.
type Codec interface {
	// Suffix is what the name of a compressed file ends with, such as ".zst".
	Suffix() string
	// BlockSize is the size in bytes of the blocks that a NAR is to be cut into,
	// the last of which may be smaller.
	BlockSize() int64
	// Memory is how many bytes it takes to compress a block, beside the block.
	Memory() int64
	// NewWriter returns a writer that compresses to w a block of size bytes. The
	// frame is complete when Close has returned nil; Close is always called. An end
	// of ctx ends the process that a writer may run.
	NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error)
}

// New returns the codec of that name, or nil for "none", which does not compress. The
// level may be nil for the default of the format's tool.
func New(name string, level *int) (Codec, error) {
	switch name {
	case "none":
		if level != nil {
			return nil, fmt.Errorf("compressionLevel %d not allowed with compression \"none\"", *level)
		}
		return nil, nil
	case "zstd":
		return newZstd(level)
	case "xz":
		return newXZ(level)
	}
	return nil, fmt.Errorf("unknown compression %q: it must be none, xz or zstd", name)
}
