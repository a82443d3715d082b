package pack

import (
	"io"
	"sync"
)

// sequence puts frames that several workers write at once one after another into
// w, in the order in which they were begun. What comes out of turn waits in memory.
// A worker that completes a frame writes what waits behind it, while the others go
// on: nobody waits for another's writing.
type sequence struct {
	w    io.Writer
	done func() error // what there is to do when all is written
	pool *pool

	mutex  sync.Mutex
	frames []*frame // that are not written to their end
}

// frame is the writer of one of them. What changes is guarded by the mutex.
type frame struct {
	sequence   *sequence
	early      pieces // what waits
	hasTurn    bool   // whether all before it is written: then its own bytes go to w
	isComplete bool
	isEnd      bool // whether it stands for the end of all; does not change
}

// begin returns the writer of the next frame.
func (s *sequence) begin() *frame {
	return s.add(&frame{sequence: s, early: pieces{pool: s.pool}})
}

func (s *sequence) add(f *frame) *frame {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	f.hasTurn = len(s.frames) == 0
	s.frames = append(s.frames, f)
	return f
}

// waiting is the number of frames that are not written to their end.
func (s *sequence) waiting() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.frames)
}

// end says that there will be no more frames. Whoever writes the last bytes, this or
// the Close of a frame, calls done.
func (s *sequence) end() error {
	return s.add(&frame{sequence: s, isEnd: true}).Close()
}

// Write writes to w, if it is the frame's turn.
func (f *frame) Write(b []byte) (int, error) {
	if f.keep(b) {
		return len(b), nil
	}
	return f.sequence.w.Write(b)
}

// keep lets bytes wait, unless it is the frame's turn.
func (f *frame) keep(b []byte) bool {
	f.sequence.mutex.Lock()
	defer f.sequence.mutex.Unlock()
	if !f.hasTurn {
		f.early.add(b)
	}
	return !f.hasTurn
}

// Close says that the frame is complete. If it is its turn, what waits is written.
func (f *frame) Close() error {
	if !f.complete() {
		return nil
	}
	for {
		piece, isEnd := f.sequence.next()
		switch {
		case isEnd:
			return f.sequence.done()
		case piece == nil:
			return nil
		}
		if _, err := f.sequence.w.Write(piece); err != nil {
			return err
		}
		f.sequence.pool.put(piece)
	}
}

// complete notes that there will be no more bytes, and tells whether it is the
// frame's turn.
func (f *frame) complete() bool {
	f.sequence.mutex.Lock()
	defer f.sequence.mutex.Unlock()
	f.isComplete = true
	return f.hasTurn
}

// next returns the next bytes to be written, or that all are. If none wait, it
// returns nil, and the writer of the first frame has the turn.
func (s *sequence) next() (piece []byte, isEnd bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for len(s.frames) > 0 {
		first := s.frames[0]
		if piece := first.early.take(); piece != nil {
			return piece, false
		}
		if !first.isComplete {
			first.hasTurn = true
			return nil, false
		}
		s.frames = s.frames[1:]
		if first.isEnd {
			return nil, true
		}
	}
	return nil, false
}
