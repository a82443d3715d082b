package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mkbinarycache/builder/nar"
)

// bracketCodec is a test codec: it writes as the frame of a block the size of the block,
// and the block in brackets. onBlock is called with the number of each block, from 1 on,
// to delay it or to fail.
type bracketCodec struct {
	blockSize int64
	onBlock   func(n int64) error
	blocks    *atomic.Int64
	offered   *atomic.Int64 // number of blocks compressed into a buffer
}

func newBracketCodec(onBlock func(n int64) error) bracketCodec {
	return bracketCodec{10, onBlock, &atomic.Int64{}, &atomic.Int64{}}
}

func (bracketCodec) Suffix() string     { return "" }
func (c bracketCodec) BlockSize() int64 { return c.blockSize }
func (bracketCodec) Memory() int64      { return 0 }

func (c bracketCodec) NewWriter(_ context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	n := c.blocks.Add(1)
	if _, isBuffer := w.(*bytes.Buffer); isBuffer {
		c.offered.Add(1)
	}
	if err := c.onBlock(n); err != nil {
		return nil, err
	}
	_, err := fmt.Fprint(w, size, "[")
	return bracket{w}, err
}

type bracket struct{ io.Writer }

func (b bracket) Close() error {
	_, err := b.Write([]byte("]"))
	return err
}

// packTexts packs texts in place of NARs, and returns the frames of each text that was
// completed. It calls pause before it reads each word of a text.
func packTexts(ctx context.Context, s *scheduler, texts []string, pause func()) ([]string, error) {
	outputs := make([]strings.Builder, len(texts))
	packed := make([]string, len(texts))
	jobs := make([]job, len(texts))
	for i, text := range texts {
		jobs[i] = job{int64(len(text)), func(ctx context.Context, _ *nar.Dumper) error {
			w := s.newBlockWriter(ctx, fmt.Sprint("text ", i), int64(len(text)), &outputs[i], func() error {
				packed[i] += outputs[i].String()
				return nil
			})
			defer w.release()
			for word := range strings.SplitAfterSeq(text, " ") {
				pause()
				if _, err := io.WriteString(w, word); err != nil {
					return err
				}
			}
			return w.finish()
		}}
	}
	return packed, s.run(ctx, jobs)
}

var longText = strings.Repeat("one two three four five six seven ", 300)

// The frames of a NAR are the same and in order for any number of cores, however long
// each block and each read takes, and all block buffers are free in the end.
func TestFrames(t *testing.T) {
	texts := []string{longText, longText[:55], "a block or two", "small", "", strings.Repeat("x", 20)}
	var want []string
	for _, text := range texts {
		frames := ""
		for block := range slices.Chunk([]byte(text), 10) {
			frames += fmt.Sprintf("%d[%s]", len(block), block)
		}
		want = append(want, frames)
	}
	for _, cores := range []int{1, 2, 3, 8, 64} {
		for _, pause := range []time.Duration{0, time.Millisecond} {
			synctest.Test(t, func(t *testing.T) {
				c := newBracketCodec(func(n int64) error {
					time.Sleep(time.Duration(n*7919%13) * time.Millisecond)
					return nil
				})
				s := newScheduler(c, cores)
				got, err := packTexts(t.Context(), s, texts, func() { time.Sleep(pause) })
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%d cores: got %.200q, want %.200q", cores, got, want)
				}
				if offered := c.offered.Load(); (cores > 1) != (offered > 0) {
					t.Errorf("%d cores: %d blocks were offered", cores, offered)
				}
				if len(s.free) != blocksPerWorker*cores {
					t.Errorf("%d cores: %d of %d buffers are free", cores, len(s.free), blocksPerWorker*cores)
				}
			})
		}
	}
}

// A NAR with only one block is compressed while it is read, and not offered to other
// workers.
func TestOneBlock(t *testing.T) {
	c := newBracketCodec(func(int64) error { return nil })
	if _, err := packTexts(t.Context(), newScheduler(c, 8), []string{"one two", "three", "four"}, func() {}); err != nil {
		t.Fatal(err)
	}
	if offered := c.offered.Load(); offered > 0 {
		t.Errorf("%d blocks were offered", offered)
	}
}

// A worker compresses an offered block before it starts a job.
func TestBlocksFirst(t *testing.T) {
	for range 20 { // several times, since select chooses at random
		c := newBracketCodec(func(int64) error { return nil })
		s := newScheduler(c, 1)
		w := s.newBlockWriter(t.Context(), "text", 20, io.Discard, func() error { return nil })
		s.remaining.Store(0)
		if _, err := io.WriteString(w, longText[:20]); err != nil {
			t.Fatal(err)
		}
		err := s.run(t.Context(), []job{{1, func(context.Context, *nar.Dumper) error {
			if n := c.offered.Load(); n != 2 {
				t.Errorf("%d of 2 offered blocks were compressed before the job", n)
			}
			return nil
		}}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// While the compression of a block stalls, more of the same NAR is read only until all
// buffers are full. Each buffer holds at most a block and a frame.
func TestMemoryIsBounded(t *testing.T) {
	const cores, buffers = 4, 4 * blocksPerWorker
	for stalled := range int64(2 * buffers) {
		synctest.Test(t, func(t *testing.T) {
			c := newBracketCodec(func(n int64) error {
				if n == stalled+1 {
					time.Sleep(time.Hour)
				}
				return nil
			})
			c.blockSize = 64 << 10
			s := newScheduler(c, cores)
			var read atomic.Int64 // bytes
			time.AfterFunc(time.Minute, func() {
				limit := (stalled + cores + buffers) * c.blockSize // workers start blocks in any order
				if read := read.Load(); read == 0 || read > limit {
					t.Errorf("block %d stalls: %d bytes were read, want up to %d", stalled, read, limit)
				}
			})
			text := strings.Repeat(strings.Repeat("x", 1023)+" ", 10_000)
			if _, err := packTexts(t.Context(), s, []string{text}, func() { read.Add(1024) }); err != nil {
				t.Fatal(err)
			}
			memory := 0
			for range buffers {
				b := <-s.free
				memory += cap(b.data) + b.frame.Cap()
			}
			if limit := buffers * 3 * 64 << 10; memory == 0 || memory > limit {
				t.Errorf("block %d stalls: the buffers have %d bytes, want up to %d", stalled, memory, limit)
			}
		})
	}
}

var errFull = errors.New("no space left")

// If the compression of a block fails, all workers end, and the error names the text of
// the block, even if a worker that reads another text compressed the block.
func TestBlockFails(t *testing.T) {
	texts := []string{longText, longText[:len(longText)-10]}
	for _, cores := range []int{1, 2, 8} {
		named := 0
		for n := range int64(200) {
			var failed atomic.Bool
			c := newBracketCodec(func(block int64) error {
				if block > n && failed.CompareAndSwap(false, true) {
					return errFull
				}
				return nil
			})
			_, err := packTexts(t.Context(), newScheduler(c, cores), texts, func() {})
			if !errors.Is(err, errFull) || strings.Count(err.Error(), "text") > 1 {
				t.Errorf("%d cores, block %d: got error %v", cores, n, err)
			}
			named += strings.Count(fmt.Sprint(err), "text ")
		}
		if (cores > 1) != (named > 0) { // on one core, no block is offered
			t.Errorf("%d cores: %d errors of offered blocks", cores, named)
		}
	}
}

// If ctx ends, workers that wait for a buffer end, too.
func TestStopped(t *testing.T) {
	stopped := errors.New("stopped by signal: terminated")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Hour, func() { cancel(stopped) })
		stall := func(int64) error { <-ctx.Done(); return nil }
		_, err := packTexts(ctx, newScheduler(newBracketCodec(stall), 8), []string{longText}, func() {})
		if !errors.Is(err, stopped) {
			t.Errorf("got error %v, want %v", err, stopped)
		}
	})
}

// If a NAR is shorter than its registered size, finish returns an error. Of a NAR that is
// longer, only the registered size is compressed.
func TestNarSizeMismatch(t *testing.T) {
	for size, want := range map[int64]string{3: "3[abc]", 5: "", 17: ""} {
		var out strings.Builder
		s := newScheduler(newBracketCodec(func(int64) error { return nil }), 1)
		w := s.newBlockWriter(t.Context(), "text", size, &out, func() error { return nil })
		if _, err := io.WriteString(w, "abcd"); err != nil {
			t.Fatal(err)
		}
		if err := w.finish(); (err == nil) != (want != "") || err == nil && out.String() != want {
			t.Errorf("%d bytes: got %q, %v, want %q", size, out.String(), err, want)
		}
	}
}

// gate is a writer whose Write blocks until the channel open receives a value.
type gate struct{ entered, open chan struct{} }

func (g gate) Write(b []byte) (int, error) {
	g.entered <- struct{}{}
	<-g.open
	return len(b), nil
}

// While a worker writes a frame, other workers complete frames of the same NAR without
// waiting for it.
func TestWritersDoNotBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := gate{make(chan struct{}), make(chan struct{})}
		s := newScheduler(newBracketCodec(func(int64) error { return nil }), 2)
		completed := 0
		w := s.newBlockWriter(t.Context(), "text", 30, out, func() error { completed++; return nil })
		s.remaining.Store(0) // so that the NAR exceeds the fair share of a core
		if _, err := io.WriteString(w, strings.Repeat("x", 30)); err != nil {
			t.Fatal(err)
		}
		first, second, third := <-s.offered, <-s.offered, <-s.offered
		go s.compress(t.Context(), first)
		<-out.entered
		s.compress(t.Context(), third)
		s.compress(t.Context(), second)
		if err := w.finish(); err != nil || completed != 0 {
			t.Errorf("completed %d times before the last write, error %v", completed, err)
		}
		for range 2 {
			out.open <- struct{}{}
			<-out.entered
		}
		out.open <- struct{}{}
		synctest.Wait()
		if completed != 1 || len(s.free) != cap(s.free) {
			t.Errorf("completed %d times, %d of %d buffers are free", completed, len(s.free), cap(s.free))
		}
	})
}
