package codec

import (
	"context"
	"fmt"
	"io"
)

// A Codec compresses blocks. The methods of a Codec are safe for concurrent use.
type Codec interface {
	// Suffix returns the suffix of compressed files, such as ".zst".
	Suffix() string
	// BlockSize returns the size in bytes of the blocks of a NAR. The last block may be
	// smaller.
	BlockSize() int64
	// Memory returns the bytes of memory that compressing one block takes, in addition to
	// the block itself.
	Memory() int64
	// NewWriter returns a writer that compresses a block of size bytes to w. The frame is
	// complete if Close returns nil. The caller must always close the writer, also after
	// an error. Canceling ctx kills the external compressor, if the codec uses one.
	NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error)
}

// New returns the codec of that name, or nil for "none", which does not compress. If
// level is nil, the codec compresses at its default level.
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
	return nil, fmt.Errorf("unknown compression %q: must be none, xz or zstd", name)
}

// A levelRange has the lowest, the highest and the default level of a codec.
type levelRange struct {
	min, max int
	def      int // default level
}

// resolve returns level if it is in the range, or the default level if level is nil.
func (r levelRange) resolve(name string, level *int) (int, error) {
	if level == nil {
		return r.def, nil
	}
	if *level < r.min || *level > r.max {
		return 0, fmt.Errorf("compressionLevel %d out of range for %s: must be %d to %d", *level, name, r.min, r.max)
	}
	return *level, nil
}
