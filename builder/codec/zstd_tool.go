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
		block:        zstdToolBlock,
		memory:       zstdToolMemory(level),
	})
}

// zstdToolBlock is the size in bytes of a block.
const zstdToolBlock = 64 << 20

// zstdToolMemory is what a process was seen to take.
func zstdToolMemory(level int) int64 {
	if level > 19 {
		return 800 << 20
	}
	return 100 << 20
}
