package codec

import (
	"context"
	"fmt"
	"io"
	"math/bits"
)

// MaxPatchNarSize is the largest window of zstd in bytes. A patch requires that the NAR
// of its base and the patched NAR are smaller than MaxPatchNarSize.
const MaxPatchNarSize = 1 << 31

// Patcher makes patches with the zstd program. A patch is a zstd frame that refers to the
// bytes of another file, its base. To decompress the patch, "zstd -d --patch-from=BASE"
// needs the base again.
type Patcher struct{ tool toolCodec }

// NewPatcher returns a patcher that compresses at a level of the zstd program, or at the
// program's default level if level is nil.
func NewPatcher(level *int) (*Patcher, error) {
	resolvedLevel, err := zstdLevelRange.resolve("zstd", level)
	if err != nil {
		return nil, err
	}
	tool, err := findTool(toolCodec{name: "zstd", args: zstdToolArgs(resolvedLevel)})
	return &Patcher{tool}, err
}

// NewWriter returns a writer that compresses size bytes to a patch against the file base,
// and writes the patch to w. The patch is complete if Close returns nil. The caller must
// always close the writer, also after an error.
func (p *Patcher) NewWriter(ctx context.Context, w io.Writer, base string, size int64) (io.WriteCloser, error) {
	return p.tool.start(ctx, w, "--patch-from="+base, fmt.Sprint("--stream-size=", size))
}

// PatchMemory returns the bytes of memory that making a patch takes: the base, a window
// of the next power of two above the larger of the two NAR sizes, and zstd's tables.
func PatchMemory(baseSize, size int64) int64 {
	return baseSize + 1<<bits.Len64(uint64(max(baseSize, size))) + 32<<20
}
