package tests

import (
	"bytes"
	"io"
	"testing"
)

// comparer is a writer that compares what it gets with what a reader has.
type comparer struct {
	t      *testing.T
	want   io.Reader
	buf    []byte
	offset int64
}

func (c *comparer) Write(b []byte) (int, error) {
	c.buf = append(c.buf[:0], b...) // the right length
	n, err := io.ReadFull(c.want, c.buf)
	if err != nil || !bytes.Equal(c.buf[:n], b) {
		c.t.Fatalf("in the %d bytes from offset %d: got %.100q, want %.100q (%v)", len(b), c.offset, b, c.buf[:n], err)
	}
	c.offset += int64(n)
	return n, nil
}

func (c *comparer) expectEnd() {
	c.t.Helper()
	rest, err := io.ReadAll(io.LimitReader(c.want, 100))
	if err != nil || len(rest) > 0 {
		c.t.Errorf("at offset %d: got the end, want %q (%v)", c.offset, rest, err)
	}
}
