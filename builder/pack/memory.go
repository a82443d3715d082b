package pack

import (
	"math"

	"mkbinarycache/builder/codec"
)

// MemoryOfCore is how many bytes of memory a worker takes at most: a compressor, and
// where NARs are cut into blocks, one of these, and as much again for frames that
// wait for their turn.
func MemoryOfCore(c codec.Codec) int64 {
	if c.BlockSize() == math.MaxInt64 {
		return c.Memory()
	}
	return c.Memory() + 2*c.BlockSize()
}
