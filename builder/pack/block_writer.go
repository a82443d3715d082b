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
// and offered to all workers. The frames are the same.
type blockWriter struct {
	scheduler  *scheduler
	ctx        context.Context
	name       string // of the store path, for errors of other workers
	w          io.Writer
	onComplete func() error

	// Of the worker that reads the NAR.
	remaining  int64          // bytes after the current block
	missing    int64          // bytes of the current block that are not written yet
	compressor io.WriteCloser // of the current block, or nil if it goes into a buffer
	buffer     *block

	mutex     sync.Mutex
	unwritten []*block // offered blocks whose frames are not in w, in order
	writing   bool     // whether a worker writes frames to w
	finished  bool     // whether unwritten has the last block
}

// block is a buffer for a part of a NAR and for its frame.
type block struct {
	parent   *blockWriter
	data     []byte
	frame    bytes.Buffer
	complete bool // whether frame is; guarded by parent.mutex
}

// newBlockWriter returns a writer for a NAR of size bytes, whose frames go to w. The
// worker that writes the last frame calls onComplete.
func (s *scheduler) newBlockWriter(ctx context.Context, name string, size int64, w io.Writer, onComplete func() error) *blockWriter {
	s.remaining.Add(size)
	return &blockWriter{scheduler: s, ctx: ctx, name: name, w: w, onComplete: onComplete, remaining: size}
}

// Write takes the next bytes of the NAR. It ignores bytes beyond the NAR's size: the
// hash will not match either.
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

// startBlock decides where the next block goes. A NAR is shared if its remaining bytes
// are more than each core gets of all remaining bytes. Sharing the last block gains
// nothing.
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

// add adds bytes to the current block, and ends it with its last byte.
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
	b.scheduler.offered <- b.buffer // has room for all buffers
	b.buffer = nil
}

// frameComplete notes that the frame of k is complete.
func (b *blockWriter) frameComplete(k *block) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	k.complete = true
	return b.writeFrames()
}

// finish ends the NAR, after its hash was found to be right.
func (b *blockWriter) finish() error {
	if b.missing > 0 || b.remaining > 0 {
		return errors.New("incomplete NAR")
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.finished = true
	return b.writeFrames()
}

// writeFrames writes the head frame and those behind it, as far as they are complete.
// The mutex must be locked. It is unlocked during writes, so that other workers do not
// wait for w: the worker that writes also writes what they complete meanwhile.
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

// reset makes k an empty block of parent. Its memory is allocated once, at full size:
// to grow it costs 15 % of the CPU time.
//
// NB: make does not touch the memory, so that only what is filled counts. Buffer.Grow
// would write zeros.
func (k *block) reset(parent *blockWriter, size int64) {
	if k.data == nil {
		k.data = make([]byte, 0, size)
		k.frame = *bytes.NewBuffer(make([]byte, 0, size+size/128)) // room for what does not compress
	}
	k.parent, k.complete = parent, false
	k.data = k.data[:0]
	k.frame.Reset()
}

// compress fills the frame.
func (k *block) compress(ctx context.Context, c codec.Codec) error {
	w, err := c.NewWriter(ctx, &k.frame, int64(len(k.data)))
	if err != nil {
		return err
	}
	_, err = w.Write(k.data)
	closeErr := w.Close()
	return cmp.Or(err, closeErr)
}
