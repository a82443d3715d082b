package codec

import "fmt"

// A scale is what a tool counts its levels on.
type scale struct {
	lowest, highest int
	usual           int // the tool's default
}

// pick returns the level to compress with: the usual one where level is nil.
func (s scale) pick(name string, level *int) (int, error) {
	if level == nil {
		return s.usual, nil
	}
	if *level < s.lowest || *level > s.highest {
		return 0, fmt.Errorf("bad level %d for compression %q: it must be %d to %d", *level, name, s.lowest, s.highest)
	}
	return *level, nil
}
