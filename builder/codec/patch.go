package codec

import (
	"context"
	"fmt"
	"io"
	"math/bits"
)

// MaxPatchNarSize is the size in bytes that NARs must stay below for a patch: the
// largest window of zstd.
const MaxPatchNarSize = 1 << 31

// Patcher makes patches with the zstd program. A patch is a zstd frame that refers to
// the bytes of another file, its base. "zstd -d --patch-from=BASE" needs it again.
type Patcher struct{ tool toolCodec }

// NewPatcher returns a patcher that compresses at a level of the zstd program, or at its
// default level if level is nil.
func NewPatcher(level *int) (*Patcher, error) {
	resolvedLevel, err := zstdLevelRange.resolve("zstd", level)
	if err != nil {
		return nil, err
	}
	tool, err := findTool(toolCodec{name: "zstd", args: zstdToolArgs(resolvedLevel)})
	return &Patcher{tool}, err
}

// NewWriter returns a writer that makes a patch of size bytes against the file base, and
// writes it to w. The patch is complete if Close returns nil. The caller must always
// call Close.
func (p *Patcher) NewWriter(ctx context.Context, w io.Writer, base string, size int64) (io.WriteCloser, error) {
	return p.tool.start(ctx, w, "--patch-from="+base, fmt.Sprint("--stream-size=", size))
}

// PatchMemory returns the bytes of memory that a patch takes: the base, a window that
// is the next power of two above both sizes, and tables.
func PatchMemory(baseSize, size int64) int64 {
	return baseSize + 1<<bits.Len64(uint64(max(baseSize, size))) + 32<<20
}
