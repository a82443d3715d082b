package codec

import (
	"context"
	"io"
)

// none stores NARs as they are.
type none struct{}

func (none) Suffix() string { return "" }

func (none) Parallel(int64) bool { return false }

func (none) NewWriter(_ context.Context, w io.Writer, _ int64) (io.WriteCloser, error) {
	return nopCloser{w}, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
