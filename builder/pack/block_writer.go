package pack

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"sync"

	"mkbinarycache/builder/codec"
)

// blockWriter cuts a NAR into blocks, each of which becomes a frame, and writes the
// frames in order. A block is either compressed while it is read, or read into a buffer
// and offered to all workers. The frame of a block is the same either way.
type blockWriter struct {
	scheduler  *scheduler
	ctx        context.Context
	name       string // of the store path, for errors of other workers
	w          io.Writer
	onComplete func() error

	// Only the worker that reads the NAR uses these fields.
	remaining  int64          // bytes after the current block
	missing    int64          // bytes of the current block that are not written yet
	compressor io.WriteCloser // of the current block, or nil if it goes into a buffer
	buffer     *block

	mutex     sync.Mutex
	unwritten []*block // offered blocks whose frames are not in w, in order
	writing   bool     // whether a worker writes frames to w
	finished  bool     // whether unwritten has the last block
}

// block is a buffer for a block of a NAR and for the frame of that block.
type block struct {
	parent   *blockWriter
	data     []byte
	frame    bytes.Buffer
	complete bool // whether frame is complete; guarded by parent.mutex
}

// newBlockWriter returns a writer for a NAR of size bytes, whose frames go to w. The
// worker that writes the last frame calls onComplete.
func (s *scheduler) newBlockWriter(ctx context.Context, name string, size int64, w io.Writer, onComplete func() error) *blockWriter {
	s.remaining.Add(size)
	return &blockWriter{scheduler: s, ctx: ctx, name: name, w: w, onComplete: onComplete, remaining: size}
}

// Write adds p, the next bytes of the NAR. It ignores bytes beyond the registered size of
// the NAR, because such a NAR fails verification.
func (b *blockWriter) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if b.missing == 0 {
			if b.remaining == 0 {
				break
			}
			if err := b.startBlock(); err != nil {
				return 0, err
			}
		}
		n := min(int64(len(p)), b.missing)
		if err := b.add(p[:n]); err != nil {
			return 0, err
		}
		p = p[n:]
	}
	return written, nil
}

// startBlock decides whether the next block is compressed while it is read, or goes into
// a buffer that is offered to all workers. A block is offered if the remaining bytes of
// its NAR are more than the remaining bytes of all NARs divided by the number of cores,
// or if an earlier frame of the NAR is not written yet. To offer the last block of a NAR
// gains nothing.
func (b *blockWriter) startBlock() (err error) {
	s := b.scheduler
	size := min(s.codec.BlockSize(), b.remaining)
	shared := size < b.remaining && b.remaining > s.remaining.Load()/int64(s.cores)
	s.remaining.Add(-size)
	b.remaining -= size
	b.missing = size
	b.mutex.Lock()
	isHead := len(b.unwritten) == 0
	b.mutex.Unlock()
	if isHead && !shared {
		b.compressor, err = s.codec.NewWriter(b.ctx, b.w, size)
		return err
	}
	if b.buffer, err = s.buffer(b.ctx); err == nil {
		b.buffer.reset(b, s.codec.BlockSize())
	}
	return err
}

// add adds p to the current block, and ends the block if p has its last byte.
func (b *blockWriter) add(p []byte) error {
	b.missing -= int64(len(p))
	if b.compressor == nil {
		b.buffer.data = append(b.buffer.data, p...)
		if b.missing == 0 {
			b.offer()
		}
		return nil
	}
	if _, err := b.compressor.Write(p); err != nil || b.missing > 0 {
		return err
	}
	compressor := b.compressor
	b.compressor = nil
	return compressor.Close()
}

// offer hands the full buffer to whichever worker is free first.
func (b *blockWriter) offer() {
	b.mutex.Lock()
	b.unwritten = append(b.unwritten, b.buffer)
	b.mutex.Unlock()
	b.scheduler.offered <- b.buffer // the channel has room for all buffers
	b.buffer = nil
}

// frameComplete marks the frame of the block k as complete, and writes the frames that
// can then be written in order.
func (b *blockWriter) frameComplete(k *block) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	k.complete = true
	return b.writeFrames()
}

// finish ends the NAR. The caller must have verified the hash of the NAR.
func (b *blockWriter) finish() error {
	if b.missing > 0 || b.remaining > 0 {
		return errors.New("incomplete NAR")
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.finished = true
	return b.writeFrames()
}

// writeFrames writes the head frame, the first one that is not written, and the frames
// behind it, as far as they are complete. The caller must have locked the mutex.
// writeFrames unlocks the mutex during writes, so that other workers do not wait for w:
// the worker that writes also writes the frames that other workers complete meanwhile.
func (b *blockWriter) writeFrames() error {
	if b.writing {
		return nil
	}
	b.writing = true
	for len(b.unwritten) > 0 && b.unwritten[0].complete {
		head := b.unwritten[0]
		b.mutex.Unlock()
		_, err := b.w.Write(head.frame.Bytes())
		b.mutex.Lock()
		if err != nil {
			return err
		}
		b.unwritten = b.unwritten[1:]
		b.scheduler.free <- head
	}
	b.writing = false
	if b.finished && len(b.unwritten) == 0 {
		return b.onComplete()
	}
	return nil
}

// release frees the compressor of a NAR that was not read to its end.
func (b *blockWriter) release() {
	if b.compressor != nil {
		_ = b.compressor.Close()
	}
}

// reset makes k an empty block of the blockWriter parent. The memory of k is allocated
// once, at full size: growing the buffers of k would cost 15 % of the CPU time.
//
// NB: make does not touch the memory, so the process uses only the part that is filled.
// Buffer.Grow would write zeros to all of the memory.
func (k *block) reset(parent *blockWriter, size int64) {
	if k.data == nil {
		k.data = make([]byte, 0, size)
		k.frame = *bytes.NewBuffer(make([]byte, 0, size+size/128)) // incompressible data grows
	}
	k.parent, k.complete = parent, false
	k.data = k.data[:0]
	k.frame.Reset()
}

// compress compresses the data of k to the frame of k.
func (k *block) compress(ctx context.Context, c codec.Codec) error {
	w, err := c.NewWriter(ctx, &k.frame, int64(len(k.data)))
	if err != nil {
		return err
	}
	_, err = w.Write(k.data)
	closeErr := w.Close()
	return cmp.Or(err, closeErr)
}
