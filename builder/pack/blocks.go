package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// blocks is a writer that cuts a NAR into blocks and compresses them, or leaves
// them to other workers that have nothing else to do.
type blocks struct {
	crew    *crew
	ctx     context.Context
	name    string // of what is compressed, for messages
	out     *sequence
	left    int64  // bytes that come after the current block; guarded by crew.mutex
	helped  bool   // whether a block was left to another worker; guarded by crew.mutex
	current *block // or nil
}

// block is a part of a NAR on its way to a frame.
type block struct {
	of         *blocks
	frame      *frame
	compressor io.WriteCloser // nil until the first byte is compressed
	size       int64
	missing    int64 // bytes that are still to be written
	rest       *rest // what is left to another worker, or nil
}

// compress returns a writer for a NAR of size bytes, whose frames go to w. When
// all are there, done is called, by whichever worker comes last. Its errors have
// name before them, unless Write or end return them.
func (c *crew) compress(ctx context.Context, name string, size int64, w io.Writer, done func() error) *blocks {
	b := &blocks{crew: c, ctx: ctx, name: name, out: &sequence{w: w, done: done, pool: c.pool}, left: size}
	c.opened(b)
	return b
}

// Write takes the next bytes of the NAR. What is beyond its size is not
// compressed: the NAR will be found to be another.
func (b *blocks) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if b.current == nil && !b.begin() {
			break
		}
		n := min(int64(len(p)), b.current.missing)
		if err := b.current.write(p[:n]); err != nil {
			return 0, err
		}
		p = p[n:]
		if b.current.missing == 0 {
			if err := b.finishCurrent(); err != nil {
				return 0, err
			}
		}
	}
	return written, nil
}

// end says that the NAR is complete, and found to be what it has to be.
func (b *blocks) end() error {
	if b.current != nil {
		return errors.New("the NAR is not complete")
	}
	return b.out.end()
}

// begin begins the next block, if there are bytes for one.
func (b *blocks) begin() bool {
	size := b.crew.begun(b)
	if size == 0 {
		return false
	}
	b.current = &block{of: b, frame: b.out.begin(), size: size, missing: size}
	return true
}

// finishCurrent ends the block that has all its bytes.
func (b *blocks) finishCurrent() error {
	done := b.current
	b.current = nil
	if done.rest != nil {
		done.rest.end(true)
		return b.crew.keepPace(b)
	}
	return done.close()
}

// write compresses p, unless another worker is free for it and for all that follows.
func (k *block) write(p []byte) error {
	k.missing -= int64(len(p))
	if k.rest == nil && !k.of.crew.leave(k) {
		return k.compress(p)
	}
	k.rest.add(p)
	return nil
}

func (k *block) compress(p []byte) (err error) {
	if k.compressor == nil {
		if k.compressor, err = k.of.crew.codec.NewWriter(k.of.ctx, k.frame, k.size); err != nil {
			return err
		}
	}
	_, err = k.compressor.Write(p)
	return err
}

// close ends the frame. NB: the compressor is closed in any case, which frees it.
func (k *block) close() error {
	if k.compressor != nil {
		if err := k.compressor.Close(); err != nil {
			return err
		}
	}
	return k.frame.Close()
}

// abandon frees what a NAR that did not come to its end has in use.
func (b *blocks) abandon() {
	switch {
	case b.current == nil:
	case b.current.rest != nil: // the other worker is not to wait for more
		b.current.rest.end(false)
	default:
		b.current.discard()
	}
}

// discard frees the compressor of a block that nobody will read.
func (k *block) discard() {
	if k.compressor != nil {
		_ = k.compressor.Close()
	}
}

// finish compresses what was left to another worker, as it comes.
func (k *block) finish() error {
	for piece := k.rest.take(); piece != nil; piece = k.rest.take() {
		if err := k.compress(piece); err != nil {
			k.discard()
			return k.of.named(err)
		}
		k.of.crew.pool.put(piece)
	}
	if !k.rest.whole {
		k.discard()
		return nil // whoever reads the NAR knows what is wrong
	}
	return k.of.named(k.close())
}

// named adds the name of what is compressed to an error.
func (b *blocks) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", b.name, err)
}
