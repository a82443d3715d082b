package codec

import "fmt"

// newXZ returns the xz tool: no encoder in Go comes near its ratio, and people
// choose xz for size alone.
//
// NB: the threads are spelled out because the default of the tool varies by its
// version.
func newXZ(level *int) (Codec, error) {
	picked, err := scale{lowest: 0, highest: 9, usual: 6}.pick("xz", level)
	if err != nil {
		return nil, err
	}
	return newTool(tool{
		name:      "xz",
		arguments: []string{"--stdout", "--threads=1", fmt.Sprint("-", picked)},
		suffix:    ".xz",
		block:     xzBlock(picked),
		memory:    xzMemory[picked],
	})
}

// xzBlock is the size in bytes of a block. At its start xz knows nothing of what
// came before, so that blocks must be large for the file to be less than 1 % larger
// than without: it is 0.3 % for a Go toolchain of 225 MiB at level 6, 0.6 % at level
// 8, 0.7 % at level 9, and would be 3 % with blocks of 32 MiB. Level 9 has a
// dictionary of 64 MiB to fill at each start: with blocks of 96 MiB it would lose
// 0.9 % over two starts, and more in a larger NAR.
func xzBlock(level int) int64 {
	if level == 9 {
		return 192 << 20
	}
	return 96 << 20
}

// xzMemory is what the manual of xz says of each level.
var xzMemory = [...]int64{3 << 20, 9 << 20, 17 << 20, 32 << 20, 48 << 20, 94 << 20, 94 << 20, 186 << 20, 370 << 20, 674 << 20}
