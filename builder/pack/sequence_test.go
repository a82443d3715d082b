package pack

import (
	"bytes"
	"testing"
)

// gate is a writer that waits before each piece.
type gate struct {
	bytes.Buffer
	entered, open chan struct{}
}

func (g *gate) Write(b []byte) (int, error) {
	g.entered <- struct{}{}
	<-g.open
	return g.Buffer.Write(b)
}

// Nobody waits while somebody writes, not even for bytes of the same frame, and all
// comes in its order.
func TestNobodyWaits(t *testing.T) {
	out := &gate{entered: make(chan struct{}), open: make(chan struct{})}
	done := 0
	s := &sequence{w: out, pool: &pool{}, done: func() error { done++; return nil }}
	first, second, third := s.begin(), s.begin(), s.begin()
	write(t, second, "second ")
	check(t, second.Close())
	write(t, third, "thi")
	closed := make(chan error)
	go func() { closed <- first.Close() }()

	<-out.entered // with the second frame
	write(t, third, "r")
	out.open <- struct{}{}

	<-out.entered // with the third
	write(t, third, "d")
	check(t, third.Close())
	check(t, s.end())
	if done > 0 {
		t.Error("it is done while there are bytes to be written")
	}
	out.open <- struct{}{}

	<-out.entered // with its last byte
	out.open <- struct{}{}
	check(t, <-closed)
	if got := out.String(); got != "second third" || done != 1 {
		t.Errorf("got %q, done %d times", got, done)
	}
	if got := len(s.pool.free); got != 2 {
		t.Errorf("%d pieces are free again, want 2", got)
	}
}

func write(t *testing.T, f *frame, text string) {
	t.Helper()
	_, err := f.Write([]byte(text))
	check(t, err)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
