package nar

import (
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// bufferSize is the size in bytes of the buffer of a Dumper, which keeps the number of
// writes small. A larger buffer is not faster.
const bufferSize = 256 << 10

// stream collects the strings and file contents of a NAR in a buffer, and writes the
// buffer to w when it is full. It keeps the first error of w and writes nothing after it.
type stream struct {
	w       io.Writer
	buf     []byte
	flushed int64 // bytes written to w
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

// offset returns the offset of the next byte in the NAR.
func (s *stream) offset() int64 { return s.flushed + int64(len(s.buf)) }

// writeStrings writes each string with its length and padding.
func (s *stream) writeStrings(tokens ...string) {
	for _, token := range tokens {
		s.writeUint64(int64(len(token)))
		for rest := token; rest != ""; {
			n := copy(s.reserve(1), rest)
			s.buf, rest = s.buf[:len(s.buf)+n], rest[n:]
		}
		s.writePadding(int64(len(token)))
	}
}

func (s *stream) writeUint64(n int64) {
	s.reserve(8)
	s.buf = binary.LittleEndian.AppendUint64(s.buf, uint64(n))
}

// writePadding writes the zeros after a string of n bytes.
func (s *stream) writePadding(n int64) {
	var zeros [8]byte
	s.reserve(8)
	s.buf = append(s.buf, zeros[:-n&7]...)
}

// writeContents writes size bytes of the file fd as a string. It reads the file directly
// into the buffer.
func (s *stream) writeContents(fd int, size int64) error {
	s.writeUint64(size)
	for remaining := size; remaining > 0; {
		free := s.reserve(min(remaining, bufferSize/2))
		if s.err != nil {
			return s.err
		}
		n, err := retryEINTR(func() (int, error) { return unix.Read(fd, free[:min(remaining, int64(len(free)))]) })
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("file shrank while being read (%d bytes missing)", remaining)
		}
		s.buf, remaining = s.buf[:len(s.buf)+n], remaining-int64(n)
	}
	s.writePadding(size)
	return nil
}

// reserve returns the unused part of the buffer. It flushes the buffer if fewer than n
// bytes are unused.
func (s *stream) reserve(n int64) []byte {
	if int64(cap(s.buf)-len(s.buf)) < n {
		_ = s.flush() // kept in s.err
	}
	return s.buf[len(s.buf):cap(s.buf)]
}
