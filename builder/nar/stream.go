package nar

import (
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// bufferSize is large enough that the writers behind the stream get few and
// large pieces; beyond it nothing is gained.
const bufferSize = 256 << 10

// stream gathers tokens and file contents in one buffer and hands it to w
// whenever it is full. The first error of w is kept, and ends all writing.
type stream struct {
	w       io.Writer
	buf     []byte
	flushed int64 // bytes that have left the buffer
	err     error
}

func (s *stream) reset(w io.Writer) {
	s.w, s.buf, s.flushed, s.err = w, s.buf[:0], 0, nil
}

func (s *stream) flush() error {
	if s.err == nil && len(s.buf) > 0 {
		_, s.err = s.w.Write(s.buf)
	}
	s.flushed += int64(len(s.buf))
	s.buf = s.buf[:0]
	return s.err
}

// offset is the number of bytes before the next one.
func (s *stream) offset() int64 { return s.flushed + int64(len(s.buf)) }

// str writes strings, each with its length and padding.
func (s *stream) str(tokens ...string) {
	for _, token := range tokens {
		s.number(int64(len(token)))
		for rest := token; rest != ""; {
			n := copy(s.free(1), rest)
			s.buf, rest = s.buf[:len(s.buf)+n], rest[n:]
		}
		s.pad(int64(len(token)))
	}
}

func (s *stream) number(n int64) {
	s.free(8)
	s.buf = binary.LittleEndian.AppendUint64(s.buf, uint64(n))
}

// pad writes the zeros behind a string of n bytes.
func (s *stream) pad(n int64) {
	var zeros [8]byte
	s.free(8)
	s.buf = append(s.buf, zeros[:-n&7]...)
}

// contents writes size bytes of the file fd as a string, read straight into
// the buffer.
func (s *stream) contents(fd int, size int64) error {
	s.number(size)
	for left := size; left > 0; {
		free := s.free(min(left, bufferSize/2))
		if s.err != nil {
			return s.err
		}
		n, err := retry(func() (int, error) { return unix.Read(fd, free[:min(left, int64(len(free)))]) })
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("it ends %d bytes early: it was cut short while being read", left)
		}
		s.buf, left = s.buf[:len(s.buf)+n], left-int64(n)
	}
	s.pad(size)
	return nil
}

// free returns the unused part of the buffer, of at least n bytes.
func (s *stream) free(n int64) []byte {
	if int64(cap(s.buf)-len(s.buf)) < n {
		_ = s.flush() // kept in s.err
	}
	return s.buf[len(s.buf):cap(s.buf)]
}
