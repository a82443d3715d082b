package pack

import (
	"io"
	"sync"
)

// sequence puts frames that several workers write at once one after another into
// w, in the order in which they were begun. What comes out of turn waits in memory.
type sequence struct {
	w       io.Writer
	done    func() error // what there is to do when all is written
	buffers *buffers

	mutex  sync.Mutex
	frames []*frame // that are not written to their end
	ended  bool     // whether no more will be begun
	err    error    // of w
}

// frame is the writer of one of them.
type frame struct {
	sequence *sequence
	early    []byte // what waits
	closed   bool
}

// begin returns the writer of the next frame.
func (s *sequence) begin() *frame {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	f := &frame{sequence: s}
	s.frames = append(s.frames, f)
	return f
}

// waiting is the number of frames that are not written to their end.
func (s *sequence) waiting() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.frames)
}

// end says that there will be no more frames. Whoever comes last, this or the
// Close of a frame, calls done.
func (s *sequence) end() error {
	s.mutex.Lock()
	s.ended = true
	return s.unlock()
}

// Write writes to w, if it is the frame's turn.
func (f *frame) Write(b []byte) (int, error) {
	f.sequence.mutex.Lock()
	defer f.sequence.mutex.Unlock()
	if f.sequence.frames[0] != f {
		if f.early == nil {
			f.early = f.sequence.buffers.get()
		}
		f.early = append(f.early, b...)
		return len(b), nil
	}
	return f.sequence.w.Write(b)
}

// Close says that the frame is complete.
func (f *frame) Close() error {
	s := f.sequence
	s.mutex.Lock()
	f.closed = true
	for s.err == nil && len(s.frames) > 0 && s.frames[0].closed {
		s.next()
	}
	return s.unlock()
}

// next lets the second frame be the first.
func (s *sequence) next() {
	s.frames = s.frames[1:]
	if len(s.frames) > 0 {
		first := s.frames[0]
		_, s.err = s.w.Write(first.early)
		s.buffers.put(first.early)
		first.early = nil
	}
}

// unlock calls done, if that was the last.
func (s *sequence) unlock() error {
	last, err := s.ended && len(s.frames) == 0, s.err
	s.mutex.Unlock()
	if last && err == nil {
		return s.done()
	}
	return err
}
