package pack

import (
	"context"
	"io"
)

// watched is a writer that tells how far it is, and that fails once ctx has ended,
// with the cause.
type watched struct {
	ctx      context.Context
	w        io.Writer
	progress *Progress
}

func (w *watched) Write(b []byte) (int, error) {
	if err := context.Cause(w.ctx); err != nil {
		return 0, err
	}
	n, err := w.w.Write(b)
	w.progress.Bytes.Add(int64(n))
	return n, err
}
