package codec

import "fmt"

// newXZ returns the xz program as a codec: no encoder in Go comes near its compression
// ratio, and users choose xz for small NAR files.
//
// NB: --threads is set because the default number of threads depends on the version of
// xz.
func newXZ(level *int) (Codec, error) {
	resolvedLevel, err := levelRange{min: 0, max: 9, def: 6}.resolve("xz", level)
	if err != nil {
		return nil, err
	}
	return findTool(toolCodec{
		name:      "xz",
		args:      []string{"--stdout", "--threads=1", fmt.Sprint("-", resolvedLevel)},
		suffix:    ".xz",
		blockSize: xzBlockSize(resolvedLevel),
		memory:    xzMemory[resolvedLevel],
	})
}

// xzBlockSize returns the block size in bytes. xz starts each block with an empty
// dictionary, so smaller blocks make larger NAR files. The NAR file of a Go toolchain of
// 225 MiB is larger than with a single block by 0.3 % at level 6, 0.6 % at level 8 and
// 0.7 % at level 9; blocks of 32 MiB would make it 3 % larger. Level 9 has a dictionary
// of 64 MiB: blocks of 96 MiB, which empty the dictionary twice, would make the NAR file
// of the toolchain 0.9 % larger, and the NAR files of larger NARs by more.
func xzBlockSize(level int) int64 {
	if level == 9 {
		return 192 << 20
	}
	return 96 << 20
}

// xzMemory has the bytes of memory that compressing takes at each level, according to the
// manual of xz.
var xzMemory = [...]int64{3 << 20, 9 << 20, 17 << 20, 32 << 20, 48 << 20, 94 << 20, 94 << 20, 186 << 20, 370 << 20, 674 << 20}
