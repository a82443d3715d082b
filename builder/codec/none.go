package codec

import (
	"context"
	"fmt"
	"io"
	"math"
)

// none stores NARs as they are, whole.
type none struct{}

func newNone(level *int) (Codec, error) {
	if level != nil {
		return nil, fmt.Errorf("bad level %d for compression %q: it has no levels", *level, "none")
	}
	return none{}, nil
}

func (none) Suffix() string { return "" }

func (none) BlockSize() int64 { return math.MaxInt64 }

func (none) Memory() int64 { return 0 }

func (none) NewWriter(_ context.Context, w io.Writer, _ int64) (io.WriteCloser, error) {
	return nopCloser{w}, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
