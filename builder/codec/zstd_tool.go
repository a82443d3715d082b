package codec

import "fmt"

// newZstdTool returns the zstd tool, for the levels where it makes smaller files
// than the encoders in Go can.
//
// NB: one thread is not what the tool does by default, and writes other bytes than
// many.
func newZstdTool(level int) (Codec, error) {
	return newTool(tool{
		name:         "zstd",
		arguments:    []string{"--stdout", "--quiet", "--single-thread", "--ultra", fmt.Sprint("-", level)},
		sizeArgument: "--stream-size=",
		suffix:       ".zst",
		block:        zstdToolBlock(level),
		memory:       zstdToolMemory(level),
	})
}

// zstdToolBlock is the size in bytes of a block. For a NAR of 72 MB the files are
// larger than one frame by 1.1 % at level 19 with blocks of 16 MiB, 0.4 % with 32, 0.4 %
// with 64; at level 22, whose window is far larger, by 4.2 % with 32 and 1.3 % with 64.
func zstdToolBlock(level int) int64 {
	if level > 19 {
		return 64 << 20
	}
	return 32 << 20
}

// zstdToolMemory is what a process was seen to take for such a block, at the
// highest of the levels.
func zstdToolMemory(level int) int64 {
	if level > 19 {
		return 740 << 20
	}
	return 96 << 20
}
